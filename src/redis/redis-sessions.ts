import { toHead } from '../log/internal.ts';
import type { ListedSession, SessionIndex } from '../log/index.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { atWorkScript, listScript } from './list-script.ts';
import { toGroups, toList, toOptionalReply, toReplyText } from './reply.ts';

/** Creates the index of owners' sessions. Each owner has a sorted set per shard; each call merges them. */
export function createRedisSessions(link: RedisLink, keys: Keys, now: () => string): SessionIndex {
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

  const read = async (session: string): Promise<ListedSession | undefined> => {
    const text = toOptionalReply(await link.send(['HGET', keys.of(session).session, 'head']), toReplyText);
    return text === undefined ? undefined : { session, head: toHead(session, text) };
  };

  /**
   * Returns the sessions of these shards that are due. The due time of a held session is only in its head, so
   * all heads are read.
   */
  const findAtWork = async (shards: readonly number[]): Promise<readonly ListedSession[]> => {
    const names = shards.map(keys.ofShard).flatMap(({ due, held }) => [due, held]);
    const [found, time] = toList(await link.run(atWorkScript, names, [now()]));
    const sessions = await Promise.all(toList(found).map((session) => read(toReplyText(session))));
    return sessions
      .filter((session) => session !== undefined)
      .filter((each) => toDueAt(each) <= Number(time));
  };

  /** Returns the session if it still exists. Removes an expired session from the index. */
  const look = async (owner: string, session: string): Promise<ListedSession | undefined> => {
    const found = await read(session);
    if (found !== undefined) return found;
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
        // A page that has only expired sessions is not the end.
        if (listed.length > 0 || found.length === 0) return listed;
        below = `(${found.at(-1)?.[1] ?? 0}`;
      }
    },

    async due({ limit, owner }) {
      const found = await Promise.all(keys.batches.map(findAtWork));
      return found
        .flat()
        .filter(({ head }) => owner === undefined || head.owner === owner)
        .toSorted((one, other) => toDueAt(one) - toDueAt(other))
        .slice(0, limit);
    },
  };
}

function toDueAt({ head }: ListedSession): number {
  return head.dueAt ?? Infinity;
}
