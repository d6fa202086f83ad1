/** Time and chance as the client takes them, replaceable in tests. */
export interface Timing {
  /** Resolves after a while, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A number from 0 up to but not 1. */
  random(): number;
  /** Milliseconds on a clock that does not go back. */
  now(): number;
  /** How long a connection may be silent before it counts as dead: two and a half keepalives. */
  readonly silenceMs: number;
}
