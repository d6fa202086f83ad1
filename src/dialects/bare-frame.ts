/** A frame without its id. */
export interface BareFrame {
  readonly event?: string;
  readonly data: string;
}
