import { budget, clampRetry, clampRetryAfter, goodMs, toBackoff, toBudget, toPlainWait } from './backoff.ts';
import type { ClientError } from './client-error.ts';
import type { AttemptEnd } from './attempt-end.ts';

/** How entries are fetched: by a stream, or by repeated long polls on networks that block streams. */
export type Via = 'sse' | 'long-poll';

/** The state of a connection. `away`: the page is hidden or put aside, and holds no connection meanwhile. */
export type State = 'connecting' | 'live' | 'waiting' | 'away' | 'closed';

/**
 * Everything that is kept from one attempt to the next. Times are milliseconds on the clock of `Timing.now`.
 */
export interface Reconnection {
  readonly state: State;
  readonly via: Via;
  /** The number of attempts begun. */
  readonly attempt: number;
  /** The number of failures since a stream was last good for a while. */
  readonly failed: number;
  /** The number of connections in a row that ended at a gap. */
  readonly gaps: number;
  /** The number of attempts whose headers did not come in time. */
  readonly unanswered: number;
  /** The number of streams in a row that fell silent after their bytes, or ended without any. */
  readonly silences: number;
  /** Whether the headers were already made anew after a 401. */
  readonly renewed: boolean;
  /** Set once a good response arrived: there is such a server. */
  readonly proven?: true;
  /** The server's `retry:` value, clamped. */
  readonly retryMs?: number;
  /** The earliest time for a new request, if the server sent Retry-After. */
  readonly notBefore?: number;
  /** When the wait ends. */
  readonly until?: number;
  /** When the last attempts began, oldest first; at most `budget.attempts` of them. */
  readonly starts: readonly number[];
  /** Why the connection waits or is closed. */
  readonly error?: ClientError;
}

/** What can happen to a connection. */
export type ConnectionHappening =
  | { readonly type: 'opened' }
  | { readonly type: 'ended'; readonly ended: AttemptEnd }
  /** The wait is over. */
  | { readonly type: 'due' }
  /** The machine has a network again. No API reports which one, or whether old connections still work. */
  | { readonly type: 'online' }
  /**
   * The machine or the process slept. Timers stood still, and the other end may have closed the connection.
   */
  | { readonly type: 'woke' }
  /** The page is shown again. No bytes had come for `silentMs`. */
  | { readonly type: 'shown'; readonly silentMs: number }
  /** The page is hidden, and nothing is awaited. */
  | { readonly type: 'hidden' }
  /** The page is put aside (`left`), and may come back (`back`). */
  | { readonly type: 'left' }
  | { readonly type: 'back' }
  | { readonly type: 'close' };

export interface Policy {
  /** How often to try in all. A finite value means that a caller waits for the response. */
  readonly tries: number;
  /** Whether the headers are made anew for each attempt, so that a retry may pass after a 401. */
  readonly renewable: boolean;
  /** Whether the client can fall back to long polls. */
  readonly canPoll?: boolean | undefined;
  /** Whether the server may be of any make. Any refusal then counts, whatever its format. */
  readonly anyMake?: boolean | undefined;
  /** Whether a running attempt must not be repeated, because it might start the same work twice. */
  readonly asksOnce?: boolean | undefined;
  /** Whether to give up, and to wait, as a browser's EventSource does. */
  readonly plain?: boolean | undefined;
}

export interface Clock {
  readonly now: number;
  readonly random: number;
}

type Cell = (was: Reconnection, what: ConnectionHappening, policy: Policy, clock: Clock) => Reconnection;
type Row = { readonly [Type in ConnectionHappening['type']]: Cell };

/** Longer than a keepalive interval. A shown page replaces a connection that was silent for longer. */
const staleMs = 18_000;
const gapsBeforeGivingUp = 3;
/** After so many silent streams in a row, something on the way passes on whole blocks of bytes only. */
const silencesBeforePolling = 2;
/**
 * If no server was ever found, a 4xx status from something other than Heddle ends the connection after this
 * many failed attempts, which take half a minute or more.
 */
const triesOfStrangers = 10;
/** This status concerns the request, whatever program sends it. */
const tooLarge = 413;

const stay: Cell = (was) => was;
const close: Cell = ({ error: _, ...was }) => ({ ...was, state: 'closed' });
const leave: Cell = (was) => ({ ...was, state: 'away' });
const connect: Cell = (was, _what, _policy, { now }) => {
  const until = Math.max(toBudget(was.starts), was.notBefore ?? -Infinity);
  if (until > now) return { ...was, state: 'waiting', until };
  const starts = [...was.starts, now].slice(-budget.attempts);
  return { ...was, state: 'connecting', attempt: was.attempt + 1, starts };
};
const connectIfStale: Cell = (was, what, policy, clock) =>
  what.type === 'shown' && what.silentMs > staleMs ? connect(was, what, policy, clock) : was;
/** Makes a cell that leaves an attempt alone if it must not be repeated. The attempt's own end decides. */
const unlessOnce =
  (cell: Cell): Cell =>
  (was, what, policy, clock) =>
    policy.asksOnce ? was : cell(was, what, policy, clock);

/** An attempt is running, and its response has arrived. */
const live: Row = {
  opened: stay,
  ended: afterEnd,
  due: stay,
  online: unlessOnce(connect),
  woke: unlessOnce(connect),
  shown: unlessOnce(connectIfStale),
  hidden: unlessOnce(leave),
  left: unlessOnce(leave),
  back: stay,
  close,
};

/** Every state and every happening. */
const table: { readonly [Each in State]: Row } = {
  connecting: { ...live, opened: (was) => ({ ...was, state: 'live', proven: true }) },
  live,
  waiting: {
    opened: stay,
    ended: stay,
    due: connect,
    online: connect,
    woke: connect,
    shown: connect,
    hidden: leave,
    left: leave,
    back: connect,
    close,
  },
  away: {
    opened: stay,
    ended: stay,
    due: stay,
    online: stay,
    woke: stay,
    shown: connect,
    hidden: stay,
    left: stay,
    back: connect,
    close,
  },
  closed: {
    opened: stay,
    ended: stay,
    due: stay,
    online: stay,
    woke: stay,
    shown: stay,
    hidden: stay,
    left: stay,
    back: stay,
    close: stay,
  },
};

/** Returns the state of the first attempt. `now` is in milliseconds. */
export function begin(now: number): Reconnection {
  return {
    state: 'connecting',
    via: 'sse',
    attempt: 1,
    failed: 0,
    gaps: 0,
    unanswered: 0,
    silences: 0,
    renewed: false,
    starts: [now],
  };
}

/** Returns the next state after a happening. Pure; returns the same object if nothing changes. */
export function stepConnection(
  was: Reconnection,
  what: ConnectionHappening,
  policy: Policy,
  clock: Clock,
): Reconnection {
  return table[was.state][what.type](was, what, policy, clock);
}

function afterEnd(was: Reconnection, what: ConnectionHappening, policy: Policy, clock: Clock): Reconnection {
  if (what.type !== 'ended') return was;
  const { ended } = what;
  const { error: _, notBefore: __, ...rest } = was;
  if (ended.type === 'over') return { ...rest, state: 'closed' };
  if (ended.type === 'rested') {
    // Long polls that worked for minutes are as good as a stream.
    return connect({ ...rest, via: 'sse', failed: 0, unanswered: 0, renewed: false }, what, policy, clock);
  }
  const { error } = ended;
  if (ended.type === 'held' && policy.canPoll) {
    return connect({ ...rest, via: 'long-poll', error }, what, policy, clock);
  }
  const isSilent = was.via === 'sse' && ended.type === 'lost' && ended.isSilent === true;
  const silences = isSilent ? was.silences + 1 : 0;
  if (silences >= silencesBeforePolling && policy.canPoll) {
    return connect({ ...rest, via: 'long-poll', silences: 0, error }, what, policy, clock);
  }
  const wasGood = ended.type === 'lost' && ended.liveMs >= goodMs;
  const failed = wasGood ? 0 : was.failed;
  if (isFinal(was, ended, policy) || failed + 1 >= policy.tries) return { ...rest, state: 'closed', error };
  const unanswered = ended.type === 'unanswered' ? was.unanswered + 1 : was.unanswered;
  // The connection was dead before the request was sent, so that no server has to be spared.
  if (unanswered === 1 && was.unanswered === 0) {
    return connect({ ...rest, failed: failed + 1, unanswered, error }, what, policy, clock);
  }

  const retryMs = ended.type === 'lost' ? (clampRetry(ended.retryMs) ?? was.retryMs) : was.retryMs;
  const counted = wasGood ? 0 : failed - Math.min(unanswered, 1);
  const wait = policy.plain ? toPlainWait(retryMs) : toBackoff(counted, retryMs, clock.random);
  const retryAfterMs = ended.type === 'refused' ? clampRetryAfter(ended.retryAfterMs) : 0;
  return {
    ...rest,
    state: 'waiting',
    until: Math.max(clock.now + wait + retryAfterMs, toBudget(was.starts)),
    via: policy.canPoll && turns(was, ended, failed) ? other[was.via] : was.via,
    failed: failed + 1,
    gaps: ended.type === 'gap' ? was.gaps + 1 : 0,
    unanswered: wasGood ? 0 : unanswered,
    silences,
    renewed: !wasGood && (was.renewed || isUnauthorized(ended)),
    ...(retryMs !== undefined && { retryMs }),
    ...(retryAfterMs > 0 && { notBefore: clock.now + retryAfterMs }),
    error,
  };
}

const other: Readonly<Record<Via, Via>> = { sse: 'long-poll', 'long-poll': 'sse' };

/** Returns whether the next attempt uses the other way. */
function turns({ via, state }: Reconnection, ended: AttemptEnd, failed: number): boolean {
  // If a poll is not answered either, the network failed, and nothing holds streams back.
  if (ended.type === 'lost') return via === 'long-poll' && state === 'connecting';
  return failed > 0 && (ended.type === 'strange' || (via === 'long-poll' && isStranger(ended)));
}

function isFinal(was: Reconnection, ended: AttemptEnd, policy: Policy): boolean {
  if (ended.type === 'broken') return true;
  if (ended.type === 'gap') return was.gaps + 1 >= gapsBeforeGivingUp;
  if (ended.type === 'strange') return policy.plain === true;
  if (ended.type !== 'refused') return false;
  const { status } = ended;
  if (status === 401) return was.renewed || !policy.renewable;
  if (policy.plain) return true;
  if (!policy.anyMake && isStranger(ended) && status !== tooLarge)
    return status >= 400 && status < 500 && !was.proven && was.failed + 1 >= triesOfStrangers;
  // A waiting caller must learn at once that a queue is full. A stream can wait for its place.
  if (status === 429) return policy.tries < Infinity;
  return status >= 400 && status < 500 && status !== 408 && status !== 425;
}

/** Returns whether something other than a Heddle server refused. The server itself might answer otherwise. */
function isStranger(ended: AttemptEnd): boolean {
  return ended.type === 'refused' && !ended.isOwn;
}

function isUnauthorized(ended: AttemptEnd): boolean {
  return ended.type === 'refused' && ended.status === 401;
}
