import type { Checkpoints } from '../log/index.ts';
import { loadCheckpointScript, saveCheckpointScript } from './checkpoint-scripts.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { toList, toNumber, toReplyText } from './reply.ts';

/** Creates the checkpoints of the store. Each is a hash, with a field for each page. */
export function createRedisCheckpoints(link: RedisLink, keys: Keys): Checkpoints {
  return {
    async save(session, { was = '', tag, record, count, pages }) {
      const { session: hash, checkpoint } = keys.of(session);
      const texts = [...pages].flatMap(([page, text]) => [String(page), text]);
      const args = [was, tag, record, String(count), ...texts];
      return toNumber(await link.run(saveCheckpointScript, [hash, checkpoint], args)) === 1;
    },

    async load(session, { last, before = Infinity }) {
      const { checkpoint } = keys.of(session);
      const reply = await link.run(loadCheckpointScript, [checkpoint], [last, before].map(toLimit));
      if (reply === null) return undefined;
      const [tag, record, count, first, pages] = toList(reply);
      return {
        tag: toReplyText(tag),
        record: toReplyText(record),
        count: toNumber(count),
        first: toNumber(first),
        pages: toList(pages).map(toReplyText),
      };
    },
  };
}

/** Formats a number for the script, which takes an empty text for no limit. */
function toLimit(limit: number): string {
  return limit === Infinity ? '' : String(limit);
}
