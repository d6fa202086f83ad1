import { callOut } from '../call-out.ts';
import { createPicker } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import type { Ended } from '../ended.ts';
import { keepTrying } from '../keep-trying.ts';
import type { Attempt } from '../keep-trying.ts';
import { toPlace } from '../place.ts';
import { pollOnce } from '../poll-entries.ts';
import type { Received } from '../received.ts';
import type { EventsOptions } from '../session.ts';
import type { Hub } from './hub.ts';
import { createInbox } from './inbox.ts';
import { fromFailure } from './message.ts';
import type { Fare, Message } from './message.ts';

/** What a tab that is slower than the connection keeps; it reads from the log what it missed. */
const maxUnread = 1_000;

/**
 * Follows a session over the connection that all tabs share. What it hands on is only what comes next after what this tab has: where
 * something is missing, because the tab came later or another one leads now, it reads that from the log.
 */
export async function* followShared(
  hub: Hub,
  session: string,
  { after, onConnection }: EventsOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Received[], void, undefined> {
  const cursor: Cursor = { last: after, started: false };
  const inbox = createInbox<Message | 'behind'>(signal, maxUnread, 'behind');
  const stop = hub.subscribe({ session, last: () => cursor.last, hear: inbox.put });
  const tellFare = ({ connection, via, waitMs, error }: Fare): void => {
    callOut(onConnection, connection, {
      via,
      ...(waitMs !== undefined && { retryAt: hub.transport.timing.now() + waitMs }),
      ...(error && { error: fromFailure(error) }),
    });
  };

  try {
    for await (const message of inbox) {
      if (message === 'behind') yield* catchUp(hub, session, cursor, signal);
      else if (message.type === 'logout') return;
      else if (message.type === 'failed') throw fromFailure(message.error);
      else if (message.type === 'fare') tellFare(message.fare);
      else if (message.type === 'at') {
        tellFare(message.fare);
        if (isBehind(cursor.last, message.places[session])) yield* catchUp(hub, session, cursor, signal);
      } else if (message.type === 'items') {
        const items = message.items.filter((item) => item.session === session);
        const { batch, ended } = createPicker(cursor, false)(items);
        if (batch.length > 0) yield batch;
        if (ended) yield* catchUp(hub, session, cursor, signal);
        const problem = items.find((item) => item.problem)?.problem;
        if (problem) throw fromFailure(problem);
      }
    }
  } finally {
    stop();
    callOut(onConnection, 'closed', { via: 'sse' });
  }
}

/** Reads from the log what there is after the cursor. */
function catchUp(
  { transport }: Hub,
  session: string,
  cursor: Cursor,
  signal: AbortSignal,
): AsyncGenerator<readonly Received[], void, undefined> {
  async function* attempt(current: Attempt): AsyncGenerator<readonly Received[], Ended, undefined> {
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
  return shared != null && own !== shared && toPlace(own, shared) !== 'seen';
}
