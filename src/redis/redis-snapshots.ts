import { toSnapshot } from '../log/internal.ts';
import type { Snapshots } from '../log/index.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { toOptionalReply, toReplyText } from './reply.ts';
import { keepOnlyScript, saveScript } from './snapshot-scripts.ts';

/** Creates the snapshots of the store. Names and data are stored as JSON text, which preserves any string. */
export function createRedisSnapshots(link: RedisLink, keys: Keys): Snapshots {
  return {
    async save(session, name, data) {
      const { session: hash, snapshots } = keys.of(session);
      await link.run(saveScript, [hash, snapshots], [JSON.stringify(name), JSON.stringify(data)], true);
    },

    async load(session, name) {
      const reply = await link.send(['HGET', keys.of(session).snapshots, JSON.stringify(name)]);
      const text = toOptionalReply(reply, toReplyText);
      return text === undefined ? undefined : toSnapshot(session, text);
    },

    async keepOnly(session, name) {
      await link.run(keepOnlyScript, [keys.of(session).snapshots], [JSON.stringify(name)]);
    },
  };
}
