import { checkNumber, timerRange, times } from '../protocol/internal.ts';
import { watchPage } from './page-life.ts';
import type { PageChange } from './page-life.ts';
import { sleep } from './sleep.ts';

/** Time, chance and the life of the page as the client takes them, replaceable in tests. */
export interface Timing {
  /** Resolves after a while, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A number from 0 up to but not 1. */
  random(): number;
  /** Milliseconds on a clock that does not go back. */
  now(): number;
  /** Tells what becomes of the page, until stopped. */
  watchPage(listener: (change: PageChange) => void): () => void;
  /** How long a connection may be silent. */
  readonly readTimeoutMs: number;
  /** How long there may be no event, whatever else comes. */
  readonly eventTimeoutMs: number;
  /** How long a stream's headers may take, and its first bytes after them, before something on the way holds it back. */
  readonly openingMs: number;
  /** How long to poll before streams are tried again. */
  readonly pollForMs: number;
}

/** How patient a connection is. */
export interface TimingOptions {
  /**
   * How long a connection may be silent before it counts as dead, in milliseconds. Comments count; a server that sends no
   * keepalives needs `Infinity`.
   * @default 37_500, two and a half of Heddle's keepalives
   */
  readonly readTimeoutMs?: number;
  /** How long there may be no event, whatever comments come, before the connection is made anew, in milliseconds. @default Infinity */
  readonly eventTimeoutMs?: number;
  /** Whether a connection that waits to be tried again keeps a Node process alive. @default true */
  readonly ref?: boolean;
  /** Time and chance, for tests. */
  readonly timing?: Partial<Timing>;
}

/** Makes the timing of a client. Throws a TypeError where a time is none. */
export function toTiming({
  readTimeoutMs = 2.5 * times.keepaliveMs,
  eventTimeoutMs = Infinity,
  ref = true,
  timing,
}: TimingOptions): Timing {
  // The watchdog sets no timer for Infinity.
  const takes = { ...timerRange, infinity: 'for never' };
  checkNumber('readTimeoutMs', readTimeoutMs, takes);
  checkNumber('eventTimeoutMs', eventTimeoutMs, takes);
  return {
    sleep: (ms, signal) => sleep(ms, signal, ref),
    random: () => Math.random(),
    now: () => performance.now(),
    watchPage,
    readTimeoutMs,
    eventTimeoutMs,
    openingMs: 5_000,
    pollForMs: 300_000,
    ...timing,
  };
}
