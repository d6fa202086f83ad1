import { budget, clampRetry, clampRetryAfter, goodMs, toBackoff, toBudget, toPlainWait } from './backoff.ts';
import type { ClientError } from './client-error.ts';
import type { AttemptEnd } from './attempt-end.ts';

/** How entries are fetched: by a stream, or by one poll after the other where streams do not pass. */
export type Via = 'sse' | 'long-poll';

/** Where reconnecting stands. `away`: the page is not seen, or kept for later, and holds no connection meanwhile. */
export type State = 'connecting' | 'live' | 'waiting' | 'away' | 'closed';

/** All that is remembered from one attempt to the next. */
export interface Reconnection {
  readonly state: State;
  readonly via: Via;
  /** Attempts begun. */
  readonly attempt: number;
  /** Failures since a stream was last good for a while. */
  readonly failed: number;
  /** Connections in a row that came upon a gap. */
  readonly gaps: number;
  /** Whether the credentials were already asked for anew. */
  readonly renewed: boolean;
  /** Set once an answer was a good one: there is such a server. */
  readonly proven?: true;
  /** What the server told with `retry:`, in bounds. */
  readonly retryMs?: number;
  /** When a server that told when to come back may be asked again. */
  readonly notBefore?: number;
  /** When the wait is over. */
  readonly until?: number;
  /** When the last attempts began, oldest first; at most `budget.attempts` of them. */
  readonly starts: readonly number[];
  /** Why it waits, or is closed. */
  readonly error?: ClientError;
}

/** What can happen to a connection. */
export type ConnectionHappening =
  | { readonly type: 'opened' }
  | { readonly type: 'ended'; readonly ended: AttemptEnd }
  /** The wait is over. */
  | { readonly type: 'due' }
  /** The machine has a network again; which one, and whether old connections live on it, nobody tells. */
  | { readonly type: 'online' }
  /** The machine or the process slept: timers stood still, and what was at the other end may have gone. */
  | { readonly type: 'woke' }
  /** The page is looked at again, and nothing had come for so long. */
  | { readonly type: 'shown'; readonly silentMs: number }
  /** Nobody looks at the page, and nothing is awaited. */
  | { readonly type: 'hidden' }
  /** The page is put aside, and comes back or not. */
  | { readonly type: 'left' }
  | { readonly type: 'back' }
  | { readonly type: 'close' };

export interface Policy {
  /** How often to try in all. Above 1 and finite: somebody waits for the answer. */
  readonly tries: number;
  /** Whether the headers are made anew for each attempt, so that a 401 may pass. */
  readonly renewable: boolean;
  /** Whether there is a long poll to fall back on. */
  readonly canPoll?: boolean | undefined;
  /** Whether the server may be of any make: then what it refuses is refused, in whatever words. */
  readonly anyMake?: boolean | undefined;
  /** Whether an attempt that is under way must not be made again: it might start the same work twice. */
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

/** Longer than a keepalive takes: a connection that was silent for so long when the page is looked at again is not waited for. */
const staleMs = 18_000;
const gapsBeforeGivingUp = 3;
/** So many refusals by something else, half a minute or more, before it counts as the answer where no server was ever found. */
const triesOfStrangers = 10;
/** A fact of the request, whoever tells it. */
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
/** Makes a cell that leaves alone what must not be made again: its own end will tell. */
const unlessOnce =
  (cell: Cell): Cell =>
  (was, what, policy, clock) =>
    policy.asksOnce ? was : cell(was, what, policy, clock);

/** An attempt is under way, and has its answer. */
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

/** Every happening in every state. */
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

/** Begins with a first attempt. */
export function begin(now: number): Reconnection {
  return {
    state: 'connecting',
    via: 'sse',
    attempt: 1,
    failed: 0,
    gaps: 0,
    renewed: false,
    starts: [now],
  };
}

/** Tells what becomes of a connection when something happens to it. Pure; the same object where nothing changes. */
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
    // Long polling that went well for minutes is as good as a stream.
    return connect({ ...rest, via: 'sse', failed: 0, renewed: false }, what, policy, clock);
  }
  const { error } = ended;
  if (ended.type === 'held' && policy.canPoll) {
    return connect({ ...rest, via: 'long-poll', error }, what, policy, clock);
  }
  const wasGood = ended.type === 'lost' && ended.liveMs >= goodMs;
  const failed = wasGood ? 0 : was.failed;
  if (isFinal(was, ended, policy) || failed + 1 >= policy.tries) return { ...rest, state: 'closed', error };

  const retryMs = ended.type === 'lost' ? (clampRetry(ended.retryMs) ?? was.retryMs) : was.retryMs;
  const wait = policy.plain ? toPlainWait(retryMs) : toBackoff(failed, retryMs, clock.random);
  const retryAfterMs = ended.type === 'refused' ? clampRetryAfter(ended.retryAfterMs) : 0;
  return {
    ...rest,
    state: 'waiting',
    until: Math.max(clock.now + wait + retryAfterMs, toBudget(was.starts)),
    via: policy.canPoll && turns(was, ended, failed) ? other[was.via] : was.via,
    failed: failed + 1,
    gaps: ended.type === 'gap' ? was.gaps + 1 : 0,
    renewed: !wasGood && (was.renewed || isUnauthorized(ended)),
    ...(retryMs !== undefined && { retryMs }),
    ...(retryAfterMs > 0 && { notBefore: clock.now + retryAfterMs }),
    error,
  };
}

const other: Readonly<Record<Via, Via>> = { sse: 'long-poll', 'long-poll': 'sse' };

/** Whether the other way is tried next. */
function turns({ via, state }: Reconnection, ended: AttemptEnd, failed: number): boolean {
  // A poll that is not answered either: it was the network, and not something that holds streams back.
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
  // Who waits for an answer wants to know at once that a queue is full; a stream can wait for its place.
  if (status === 429) return policy.tries < Infinity;
  return status >= 400 && status < 500 && status !== 408 && status !== 425;
}

/** Whether something else than a Heddle server refused: it says nothing about what the server would. */
function isStranger(ended: AttemptEnd): boolean {
  return ended.type === 'refused' && !ended.isOwn;
}

function isUnauthorized(ended: AttemptEnd): boolean {
  return ended.type === 'refused' && ended.status === 401;
}
