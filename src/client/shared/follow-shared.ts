import { callHandler } from '../call-handler.ts';
import { ClientError } from '../client-error.ts';
import { createPicker } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import type { AttemptEnd } from '../attempt-end.ts';
import { keepTrying } from '../keep-trying.ts';
import type { Attempt } from '../keep-trying.ts';
import { toEventOrder } from '../event-order.ts';
import { pollOnce } from '../poll-entries.ts';
import type { EventAtId } from '../event-at-id.ts';
import type { Hub } from './hub.ts';
import { createInbox } from './inbox.ts';
import { fromFailure } from './tab-message.ts';
import type { TabFailure, ConnectionReport, TabMessage } from './tab-message.ts';
import type { OnConnection } from '../keep-trying.ts';
import type { Resting } from '../keep-trying.ts';

export interface SharedOptions {
  readonly after?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onConnection?: OnConnection | undefined;
  readonly resting?: Resting | undefined;
}

/** The most messages that a slow tab keeps. It reads what it missed from the log. */
const maxUnread = 1_000;

/**
 * Follows a session over the connection that all tabs share. It hands on only entries that come next after
 * this tab's last one. If entries are missing, because this tab came later or the leader changed, it reads
 * them from the log.
 */
export async function* followShared(
  hub: Hub,
  session: string,
  cursor: Cursor,
  { onConnection, resting }: SharedOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly EventAtId[], void, undefined> {
  let pick = createPicker(cursor, false);
  /** Whether the leader has reported its position in this session. Earlier items may begin anywhere. */
  let isPlaced = false;
  let fare: ConnectionReport | undefined;
  /** The message that ends the following. It is handled before the unread messages. */
  let last: TabMessage | undefined;
  const ended = new AbortController();
  const reading = AbortSignal.any([signal, ended.signal]);
  const inbox = createInbox<TabMessage | 'behind'>(signal, maxUnread, 'behind');
  const stop = hub.subscribe({
    session,
    resting,
    last: () => cursor.last,
    hear: (message) => {
      if (message.type === 'logout' || message.type === 'failed') {
        last ??= message;
        ended.abort();
      }
      inbox.put(message);
    },
  });
  const tellFare = (now: ConnectionReport): void => {
    if (fare !== undefined && isSame(fare, now)) return;
    fare = now;
    callHandler(onConnection, now.connection, {
      via: now.via,
      ...(now.waitMs !== undefined && { retryAt: hub.transport.timing.now() + now.waitMs }),
      ...(now.error && { error: fromFailure(now.error) }),
    });
  };
  async function* readAgain(): AsyncGenerator<readonly EventAtId[], void, undefined> {
    yield* catchUp(hub, session, cursor, reading);
    pick = createPicker(cursor, false);
  }
  /** The leader reads with its own credentials. Each tab checks with its own whether the session is gone. */
  async function* lookFor(problem: TabFailure): AsyncGenerator<readonly EventAtId[], never, undefined> {
    if (problem.code === 'not_found') {
      yield* readAgain();
      throw new ClientError('other_caller', 'The tab that reads for all may not read this session.');
    }
    throw fromFailure(problem);
  }

  try {
    for await (const next of inbox) {
      const message = last ?? next;
      if (message === 'behind') yield* readAgain();
      else if (message.type === 'logout') return;
      else if (message.type === 'failed') throw fromFailure(message.error);
      else if (message.type === 'fare') tellFare(message.fare);
      else if (message.type === 'at') {
        tellFare(message.fare);
        isPlaced ||= session in message.places;
        if (isBehind(cursor.last, message.places[session])) yield* readAgain();
      } else if (message.type === 'items') {
        const items = message.items.filter((item) => item.session === session);
        const picked = pick(isPlaced ? items : []);
        if (picked.batch.length > 0) yield picked.batch;
        if (picked.ended) yield* readAgain();
        const problem = items.find((item) => item.problem)?.problem;
        if (problem) yield* lookFor(problem);
      }
    }
  } finally {
    stop();
  }
}

/** Reads the entries after the cursor from the log. */
function catchUp(
  { transport }: Hub,
  session: string,
  cursor: Cursor,
  signal: AbortSignal,
): AsyncGenerator<readonly EventAtId[], void, undefined> {
  async function* attempt(current: Attempt): AsyncGenerator<readonly EventAtId[], AttemptEnd, undefined> {
    for (;;) {
      const { batch, ended } = await pollOnce(transport, session, cursor, 0, current);
      if (batch.length > 0) yield batch;
      if (ended || batch.length === 0) return ended ?? { type: 'over' };
    }
  }
  const { timing, renewable } = transport;
  return keepTrying(attempt, { signal, timing, renewable, tries: Infinity });
}

function isBehind(own: string | undefined, shared: string | null | undefined): boolean {
  return shared != null && own !== shared && toEventOrder(own, shared) !== 'seen';
}

/**
 * Returns whether two reports are equal. Reports of a wait always differ, because the time left is inexact.
 */
function isSame(one: ConnectionReport, other: ConnectionReport): boolean {
  return (
    one.connection === other.connection &&
    one.via === other.via &&
    one.error?.code === other.error?.code &&
    one.connection !== 'waiting'
  );
}
