/** A frame without the id that the server gives it. */
export interface BareFrame {
  /**
   * An id that the dialect makes in place of the server's, for clients that come back with nothing else. It
   * names the stream and the place in it. ASCII without line ends.
   */
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}
