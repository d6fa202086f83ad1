import { isRecord } from '../../protocol/internal.ts';
import { createPicker } from '../cursor.ts';
import type { Batch, Cursor } from '../cursor.ts';
import type { AttemptEnd } from '../attempt-end.ts';
import type { Attempt } from '../keep-trying.ts';
import { pollOnce } from '../poll-entries.ts';
import type { FrameBlock } from '../read-frames.ts';
import { readStream } from '../read-stream.ts';
import { parseJson, toEvent } from '../event-at-id.ts';
import type { Transport } from '../transport.ts';
import { toTabFailure } from './tab-message.ts';
import type { Item } from './tab-message.ts';

/** The position of the shared connection in each session. */
export type Cursors = ReadonlyMap<string, Cursor>;

/** How long to wait between two rounds of polls, in milliseconds. */
const roundMs = 1_000;

/** Reads several sessions on one connection, and moves their cursors forward. */
export function readMany(
  transport: Transport,
  cursors: Cursors,
  attempt: Attempt,
): AsyncGenerator<readonly Item[], AttemptEnd, undefined> {
  if (attempt.via === 'long-poll') return pollMany(transport, cursors, attempt);
  const places = Object.fromEntries([...cursors].map(([session, { last = null }]) => [session, last]));
  const body = JSON.stringify({ sessions: places });
  return readStream(
    {
      transport,
      ask: { method: 'POST', path: '/streams', body },
      last: undefined,
      read: () => createItemReader(cursors),
    },
    attempt,
  );
}

function createItemReader(cursors: Cursors): (blocks: readonly FrameBlock[]) => Batch<Item> {
  const pickers = new Map([...cursors].map(([session, cursor]) => [session, createPicker(cursor, false)]));
  return (blocks) => {
    const batch: Item[] = [];
    for (const { frame } of blocks) {
      const item = frame && toItem(parseJson(frame.data));
      if (item === undefined) continue;
      if (item.problem) batch.push(item);
      const picked = pickers.get(item.session)?.([item]);
      for (const received of picked?.batch ?? []) batch.push({ session: item.session, ...received });
      // The entries are read again from the gap, as often as it takes: one session must not end the others.
      if (picked?.ended?.type === 'gap')
        return { batch, ended: { type: 'lost', liveMs: 0, error: picked.ended.error } };
    }
    return { batch };
  };
}

/**
 * Polls one session after the other, again and again, if streams do not pass. The polls do not wait: a
 * waiting poll would delay the other sessions.
 */
async function* pollMany(
  transport: Transport,
  cursors: Cursors,
  attempt: Attempt,
): AsyncGenerator<readonly Item[], AttemptEnd, undefined> {
  const { timing } = transport;
  const startedAt = timing.now();
  for (;;) {
    let isQuiet = true;
    for (const [session, cursor] of cursors) {
      const polled = await pollOnce(transport, session, cursor, 0, attempt);
      if (polled.ended?.type === 'refused' && polled.ended.isOwn && polled.ended.status === 404) {
        yield [{ session, problem: toTabFailure(polled.ended.error) }];
        continue;
      }
      if (polled.batch.length > 0) yield polled.batch.map((received) => ({ session, ...received }));
      if (polled.ended?.type === 'lost') return { ...polled.ended, liveMs: timing.now() - startedAt };
      if (polled.ended) return polled.ended;
      isQuiet &&= polled.batch.length === 0;
    }
    if (attempt.signal.aborted) return { type: 'over' };
    if (isQuiet && timing.now() - startedAt >= timing.pollForMs) return { type: 'rested' };
    await timing.sleep(roundMs, attempt.signal);
  }
}

function toItem(data: unknown): Item | undefined {
  if (!isRecord(data) || typeof data['session'] !== 'string') return undefined;
  const { session, id, event, problem } = data;
  if (isRecord(problem)) {
    const { code, title, status } = problem;
    return {
      session,
      problem: {
        code: typeof code === 'string' ? code : 'refused',
        message: typeof title === 'string' ? title : 'The server refused.',
        ...(typeof status === 'number' && { status }),
      },
    };
  }
  return { session, ...(typeof id === 'string' && { id }), event: toEvent('', event) };
}
