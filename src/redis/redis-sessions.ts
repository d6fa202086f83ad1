import { toHead } from '../log/internal.ts';
import type { ListedSession, ListPlace, SessionIndex } from '../log/index.ts';
import { forgetMemberScript } from './forget-scripts.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { toOptionalReply, toReplyText } from './reply.ts';
import { takeMembers, walkSets } from './sorted-sets.ts';
import type { SetMember } from './sorted-sets.ts';

/** Creates the index of sessions. Its sorted sets lie in shards; each call merges them. */
export function createRedisSessions(link: RedisLink, keys: Keys, now: () => string): SessionIndex {
  /** Reads the session of a member. A session that has expired is removed from that set. */
  const look = async ({ set, name }: SetMember): Promise<ListedSession | undefined> => {
    const { session: hash } = keys.of(name);
    const text = toOptionalReply(await link.send(['HGET', hash, 'head']), toReplyText);
    if (text !== undefined) return { session: name, head: toHead(name, text) };
    await link.run(forgetMemberScript, [hash, set], [name]);
    return undefined;
  };

  /** Reads the sessions of a walk until there are as many as wanted. Leaves out those that do not fit. */
  const collect = async (
    walk: AsyncGenerator<SetMember, void>,
    limit: number,
    fits: (listed: ListedSession, member: SetMember) => boolean,
  ): Promise<readonly ListedSession[]> => {
    const found = new Map<string, ListedSession>();
    while (found.size < limit) {
      const members = await takeMembers(walk, limit - found.size);
      if (members.length === 0) break;
      const looked = await Promise.all(members.map(look));
      for (const [index, listed] of looked.entries()) {
        const member = members[index];
        if (listed !== undefined && member !== undefined && fits(listed, member))
          found.set(member.name, listed);
      }
    }
    return [...found.values()];
  };

  return {
    async list(owner, { limit, before }) {
      const walk = walkSets(link, now, {
        batches: keys.batches.map((shards) => shards.map((shard) => keys.ofOwner(shard, owner).listed)),
        order: 'falling',
        from: before && { score: before.activeAt, name: before.session },
        wanted: limit,
      });
      // A session that has moved since its place was read is on this page only if its new place is.
      const listed = await collect(
        walk,
        limit,
        (each, { score }) => each.head.activeAt >= score && isAfter(each, before),
      );
      return listed.toSorted((one, other) => (isAfter(one, toPlace(other)) ? 1 : -1));
    },

    async due({ limit, owner }) {
      const walk = walkSets(link, now, {
        batches: keys.batches.map((shards) =>
          shards.map((shard) =>
            owner === undefined ? keys.ofShard(shard).work : keys.ofOwner(shard, owner).work,
          ),
        ),
        order: 'rising',
        wanted: limit,
      });
      const listed = await collect(walk, limit, (each, { readAt }) => toDueAt(each) <= readAt);
      return listed.toSorted((one, other) => toDueAt(one) - toDueAt(other));
    },
  };
}

function toPlace({ session, head }: ListedSession): ListPlace {
  return { activeAt: head.activeAt, session };
}

/** Returns whether a session comes after a place in the order of lists: the last active first, then by id. */
function isAfter({ session, head }: ListedSession, place: ListPlace | undefined): boolean {
  if (place === undefined || head.activeAt !== place.activeAt)
    return head.activeAt < (place?.activeAt ?? Infinity);
  return place.session !== undefined && session < place.session;
}

function toDueAt({ head }: ListedSession): number {
  return head.dueAt ?? Infinity;
}
