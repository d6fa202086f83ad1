import { copyEvents, mustSync } from '../log/internal.ts';
import type { AppendOptions, EventLog } from '../log/index.ts';
import { toEntryId, toSeq } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import type { EntryId } from '../protocol/index.ts';
import { createBatches } from './batches.ts';
import { toPage, toAppendPlace, toAppendRecord } from './decode.ts';
import { dropScript, mostTrimmed, trimScript } from './forget-scripts.ts';
import type { Hints } from './hints.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { readScript } from './read-script.ts';
import { toList, toNumber } from './reply.ts';

export interface RedisLogOptions {
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly hints: Hints;
  /** The time in milliseconds, as text for the scripts; empty for the server's clock. */
  readonly now: () => string;
  readonly expireMs: number;
  readonly tombstoneMs: number;
}

/** More entries than a page ever holds. */
const mostEntries = 1_000_000_000;

/** Creates the log of the store. */
export function createRedisLog({ link, keys, hints, now, expireMs, tombstoneMs }: RedisLogOptions): EventLog {
  const append = createBatches(link, (batch) => [now(), String(expireMs), keys.hintsOf(batch)]);
  const unsent = new Map<string, ReturnType<EventLog['read']>>();

  const ask = async (
    session: string,
    after: EntryId | undefined,
    limit: number,
  ): ReturnType<EventLog['read']> => {
    const { session: hash, log } = keys.of(session);
    const seq = after === undefined ? '' : String(toSeq(after) || 0);
    const reply = await link.run(
      readScript,
      [hash, log],
      [after ?? '', seq, String(Math.min(limit, mostEntries))],
    );
    return toPage(session, reply);
  };

  /** Returns the keys of a session and of the sorted sets that it is in. */
  const toNames = (session: string, owner: string): readonly string[] => {
    const { own, due, held, work } = keys.of(session);
    return [...own, due, held, work, ...Object.values(keys.ofOwner(keys.shardOf(session), owner))];
  };

  return {
    async append(session, events, options = {}) {
      // The text is made before anything is awaited, so later changes to the caller's events do not reach the
      // log.
      const texts = events.map((event) => JSON.stringify(event) ?? 'null');
      // An event that could not be read back must not be written.
      const copies = copyEvents(events, () => `[${texts.join(',')}]`);
      const tag = mint(6);
      const { head } = options;
      const { own } = keys.of(session);
      const reply = await append(keys.batchOf(session), {
        keys: head === undefined ? own : toNames(session, head.now.owner),
        args: [String(texts.length), session, tag, ...toDemands(session, options), ...texts],
        lasting: head !== undefined || mustSync(events),
      });
      const [type, ref, written] = toList(reply);
      switch (type) {
        case 'appended': {
          const { first, at, version } = toAppendPlace(ref);
          const entries = copies.map((event, index) => ({ id: toEntryId(first + index, tag), at, event }));
          return { type, entries, version };
        }
        case 'repeat':
          return { type: 'appended', ...toAppendRecord(session, ref, written) };
        case 'duplicate':
          return { type: 'refused', reason: type, entries: toAppendRecord(session, ref, written).entries };
        case 'conflict':
        case 'fenced':
        case 'mismatch':
        case 'missing':
          return { type: 'refused', reason: type };
        default:
          throw new Error(`Redis answered ${String(type)} to an append.`);
      }
    },

    read(session, after, limit) {
      // Readers that wait at the end of one session send the same request at the same moment, so they share
      // one read. A read that is already in flight is not shared: it may miss the append that woke the next
      // reader.
      const question = JSON.stringify([session, after, limit]);
      const asked = unsent.get(question) ?? ask(session, after, limit);
      if (unsent.size === 0) setImmediate(() => unsent.clear());
      unsent.set(question, asked);
      return asked;
    },

    watch: hints.watch,

    async trim(session, upTo, state) {
      const { own, log } = keys.of(session);
      const args = [String(toSeq(upTo) || 0), upTo, JSON.stringify({ ...state, last: upTo })];
      let [type, place]: readonly unknown[] = ['more'];
      while (type === 'more') [type, place] = toList(await link.run(trimScript, own, args));
      if (type === 'unknown') throw new RangeError(`Session ${session} has no entry ${upTo} to trim to.`);
      // The rest is forgotten already. A large log is deleted in slices, so that other commands come between.
      for (let next = toNumber(place); next <= toSeq(upTo); next += mostTrimmed) {
        const until = Math.min(next + mostTrimmed, toSeq(upTo) + 1);
        await link.send(['XTRIM', log, 'MINID', `${until}-0`]);
      }
    },

    async drop(session) {
      const page = await ask(session, undefined, 0);
      if (page.type !== 'page') return;
      const args = [session, keys.hintsOf(keys.batchOf(session)), String(tombstoneMs)];
      await link.run(dropScript, toNames(session, page.head.owner), args, true);
    },
  };
}

/** Converts the conditions of an append to the script's arguments. A condition that is not set is empty. */
function toDemands(session: string, { head, key, fence }: AppendOptions): readonly string[] {
  // A fence of another session gets the same reply as a lost one.
  const nonce = fence === undefined ? '' : fence.session === session ? fence.nonce : '-';
  return [
    ...(fence === undefined ? ['', '', ''] : [String(fence.epoch), nonce, String(fence.n)]),
    ...(key === undefined ? ['', ''] : [JSON.stringify(key.id), key.digest]),
    ...(head === undefined
      ? ['', '', '', '']
      : [
          String(head.was),
          JSON.stringify({ ...head.now, version: head.was + 1 }),
          String(head.now.dueAt ?? ''),
          head.now.kind === 'session' ? String(head.now.activeAt) : '',
        ]),
  ];
}
