import { toHead } from '../log/index.ts';
import type { ListedSession, SessionIndex } from '../log/index.ts';
import type { Keys } from './keys.ts';
import type { Link } from './link.ts';
import { listScript } from './list-script.ts';
import { toGroups, toOptional, toText } from './reply.ts';

/** Creates the index of owners' sessions: a sorted set for each owner in each shard, put together when it is asked for. */
export function createRedisSessions(link: Link, keys: Keys): SessionIndex {
  const find = async (
    owner: string,
    limit: number,
    below: string,
  ): Promise<readonly (readonly [string, number])[]> => {
    const found = await Promise.all(
      keys.batches.map((shards) => {
        const names = shards.map((shard) => keys.owner(shard, owner));
        return link.run(listScript, names, [below, String(limit)]);
      }),
    );
    const all = found
      .flatMap((listed) => toGroups(listed, 2))
      .map(([session = '', activeAt]) => [session, Number(activeAt)] as const)
      .toSorted(([, one], [, other]) => other - one);
    const last = all[limit - 1]?.[1] ?? -Infinity;
    return all.filter(([, activeAt]) => activeAt >= last);
  };

  /** The session, if it is still there: one that has expired is still named by the index. */
  const look = async (owner: string, session: string): Promise<ListedSession | undefined> => {
    const text = toOptional(await link.send(['HGET', keys.of(session).session, 'head']), toText);
    if (text !== undefined) return { session, head: toHead(session, text) };
    await link.send(['ZREM', keys.owner(keys.shardOf(session), owner), session]);
    return undefined;
  };

  return {
    async list(owner, { limit, before = Infinity }) {
      if (limit < 1) return [];
      for (let below = before === Infinity ? '+inf' : `(${before}`; ;) {
        const found = await find(owner, limit, below);
        const looked = await Promise.all(found.map(([session]) => look(owner, session)));
        const listed = looked
          .filter((one) => one !== undefined)
          .toSorted((one, other) => other.head.activeAt - one.head.activeAt);
        // A page of nothing but expired ones is not the end.
        if (listed.length > 0 || found.length === 0) return listed;
        below = `(${found.at(-1)?.[1] ?? 0}`;
      }
    },
  };
}
