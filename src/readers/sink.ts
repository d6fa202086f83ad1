/** Where a reader's text goes, as UTF-8. */
export interface Sink {
  /** Writes text in order. The same text goes to many sinks, one after the other: it need be encoded only once. */
  write(text: string): void;
  /** How many bytes it holds that the network has not taken yet. */
  readonly held: number;
  /** Calls `wake` once when the bytes held have been taken, or the other side is gone. */
  drained(wake: () => void): void;
  /** Ends the body: `end` properly, `cut` so that no client can take it for a whole answer. */
  close(how: 'end' | 'cut'): void;
}

/** Bytes that a sink may hold before its reader gets no more. The reader is behind then, and reads on from the log later. */
export const maxHeld: number = 64 * 1024;
