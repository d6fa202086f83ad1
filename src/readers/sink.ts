/** The destination of a reader's text, as UTF-8. */
export interface Sink {
  /**
   * Writes text in order. Many sinks get the same text one after the other, so it need be encoded only once.
   */
  write(text: string): void;
  /** Bytes that the sink holds and the network has not taken yet. */
  readonly held: number;
  /** Calls `wake` once, when the sink's bytes have been taken or the client is gone. */
  drained(wake: () => void): void;
  /** Ends the body: `end` properly, `cut` so that no client can take it for a complete answer. */
  close(how: 'end' | 'cut'): void;
}

/**
 * Bytes that a sink may hold before its reader stops writing. Later text waits in the channel or in the log.
 */
export const maxHeld: number = 64 * 1024;
