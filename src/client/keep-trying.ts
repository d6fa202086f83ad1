import { createAttention } from './attention.ts';
import { callHandler } from './call-handler.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { begin, stepConnection } from './reconnection.ts';
import type { ConnectionHappening, Policy, Reconnection, Via } from './reconnection.ts';
import type { Timing } from './timing.ts';

/**
 * `waiting`: there is no connection, and it will be tried again later; it was lost, or the page rests. `closed`:
 * it is not tried again.
 */
export type Connection = 'connecting' | 'live' | 'waiting' | 'closed';

/** Details of a connection. */
export interface ConnectionDetail {
  /** How entries are fetched. */
  readonly via: Via;
  /** When the next attempt begins, in milliseconds on the clock of `performance.now()`. */
  readonly retryAt?: number;
  /** Why the connection waits, or was closed for good. */
  readonly error?: Error;
}

export type OnConnection = (connection: Connection, detail: ConnectionDetail) => void;

/** The input of one attempt. */
export interface Attempt {
  readonly via: Via;
  /** Whether the client can fall back to long polls. */
  readonly canPoll: boolean;
  /** How many attempts before this one had no headers in time. */
  readonly unanswered: number;
  /** Aborted when the attempt must end. */
  readonly signal: AbortSignal;
  /** Reports that a good response has arrived. */
  onLive(): void;
  /** Reports that bytes arrived. */
  onBytes(): void;
}

export interface Trying extends Policy {
  readonly signal: AbortSignal;
  readonly timing: Timing;
  readonly onConnection?: OnConnection | undefined;
  readonly resting?: Resting | undefined;
}

/** When a connection may be given up while the page is hidden. */
export interface Resting {
  /** Returns whether nothing is awaited. */
  isQuiet(): boolean;
  /**
   * Calls `listener` when something is sent through this handle, because a response is then awaited. Returns
   * a function that stops this.
   */
  onSend(listener: () => void): () => void;
}

/**
 * Performs attempts one after the other, as `stepConnection` decides, and yields what they yield. Ends when
 * an attempt is over or the signal is aborted. Throws the error of the last attempt if no other follows.
 */
export async function* keepTrying<T>(
  attempt: (attempt: Attempt) => AsyncGenerator<T, AttemptEnd, undefined>,
  { signal, timing, onConnection, resting, ...policy }: Trying,
): AsyncGenerator<T, void, undefined> {
  let at: Reconnection = begin(timing.now());
  let bytesAt = timing.now();
  // Aborted when the current attempt or wait must end.
  let performed = new AbortController();
  const on = (what: ConnectionHappening): void => {
    const was = at;
    at = stepConnection(was, what, policy, { now: timing.now(), random: timing.random() });
    if (at === was) return;
    if (at.state !== 'live') performed.abort();
    callHandler(onConnection, toConnection(at), toDetail(at));
  };
  const close = (): void => on({ type: 'close' });
  const attention = createAttention(
    () => resting?.isQuiet() === true,
    (isIdle) => on(isIdle ? { type: 'hidden' } : { type: 'shown', silentMs: 0 }),
  );
  const stopListening = resting?.onSend(attention.wake);
  const stopWatching = timing.watchPage((type) => {
    if (type === 'shown') on({ type, silentMs: timing.now() - bytesAt });
    else if (type !== 'hidden') on({ type });
    attention.on(type);
  });
  signal.addEventListener('abort', close);
  callHandler(onConnection, 'connecting', toDetail(at));

  try {
    if (signal.aborted) close();
    while (at.state !== 'closed') {
      performed = new AbortController();
      const current = performed.signal;
      if (at.state === 'connecting') {
        const onLive = (): void => {
          if (!current.aborted) on({ type: 'opened' });
        };
        const onBytes = (): void => {
          bytesAt = timing.now();
          attention.look();
        };
        onBytes();
        const ended = yield* attempt({
          via: at.via,
          canPoll: policy.canPoll === true,
          unanswered: at.unanswered,
          signal: current,
          onLive,
          onBytes,
        });
        if (!current.aborted) on({ type: 'ended', ended });
      } else if (at.state === 'waiting') {
        await timing.sleep(Math.max((at.until ?? 0) - timing.now(), 0), current);
        if (!current.aborted) on({ type: 'due' });
      } else await aborted(current);
    }
    if (at.error && !signal.aborted) throw at.error;
  } finally {
    // A loop that is left also closes the connection.
    close();
    stopWatching();
    stopListening?.();
    attention.stop();
    signal.removeEventListener('abort', close);
  }
}

function toConnection({ state }: Reconnection): Connection {
  return state === 'away' ? 'waiting' : state;
}

function toDetail({ state, via, until, error }: Reconnection): ConnectionDetail {
  return {
    via,
    ...(state === 'waiting' && until !== undefined && { retryAt: until }),
    ...((state === 'waiting' || state === 'closed') && error && { error }),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
