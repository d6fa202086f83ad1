import { checkNumber, timerRange, times } from '../protocol/internal.ts';
import { watchPage } from './page-life.ts';
import type { PageChange } from './page-life.ts';

/** Time, random numbers and page changes as the client uses them. Tests can replace them. */
export interface Timing {
  /** Resolves after `ms` milliseconds, or at once when the signal is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Returns a number from 0 up to but not including 1. */
  random(): number;
  /** Returns milliseconds on a clock that does not go back. */
  now(): number;
  /** Calls `listener` with each change of the page. Returns a function that stops this. */
  watchPage(listener: (change: PageChange) => void): () => void;
  /** How long a connection may be silent, in milliseconds. */
  readonly readTimeoutMs: number;
  /** How long a connection may bring no event, whatever else it brings, in milliseconds. */
  readonly eventTimeoutMs: number;
  /**
   * How long the headers of a stream may take, and the first bytes after them, in milliseconds. After that,
   * something on the way holds the stream back.
   */
  readonly openingMs: number;
  /**
   * How long the headers of an answer may take, in milliseconds. After that the request is sent again. Later
   * attempts wait longer, and a large body adds time.
   * @default readTimeoutMs
   */
  readonly answerMs?: number;
  /**
   * How long a stream that has brought bytes may be silent, in milliseconds.
   * @default readTimeoutMs
   */
  readonly silentMs?: number;
  /** How long to poll before streams are tried again, in milliseconds. */
  readonly pollForMs: number;
}

/** The time limits of a connection. */
export interface TimingOptions {
  /**
   * How long a connection may be silent before it counts as dead, in milliseconds. Comments count as a sign
   * of life. A server that sends no keepalives needs `Infinity`. A client of Heddle replaces a stream that
   * has brought bytes after 0.48 of this time, which is 1.2 keepalives. Both times are longer, in proportion,
   * if the server says that its keepalives are rarer.
   * @default 37_500, two and a half of Heddle's keepalives
   */
  readonly readTimeoutMs?: number;
  /**
   * How long a connection may bring no event before it is replaced, in milliseconds. Comments do not count.
   * @default Infinity
   */
  readonly eventTimeoutMs?: number;
  /**
   * Whether a connection that waits for its next attempt keeps a Node process alive.
   * @default true
   */
  readonly ref?: boolean;
  /** Time and random numbers, for tests. */
  readonly timing?: Partial<Timing>;
}

/** Returns the timing of a client. Throws a TypeError if a time is not a usable number. */
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

/**
 * Returns the timing of a client of Heddle. Its servers answer in milliseconds and send keepalives. So a
 * connection that is silent for longer than 1.2 of them has died, or something on the way holds bytes back.
 */
export function toOwnTiming(options: TimingOptions): Timing {
  const timing = toTiming(options);
  return { answerMs: 8_000, silentMs: 0.48 * timing.readTimeoutMs, ...timing };
}

/**
 * Waits for `ms` milliseconds, or until the signal is aborted. Never rejects. Without `ref`, a Node process
 * may end meanwhile.
 */
export function sleep(ms: number, signal: AbortSignal, ref: boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    // A timer is an object in Node and a number in browsers.
    if (!ref && typeof timer === 'object') timer.unref();
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
