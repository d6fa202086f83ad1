import type { Fence, Leases } from '../log/index.ts';
import { mint } from '../protocol/internal.ts';
import type { Keys } from './keys.ts';
import { claimScript, lapseScript, lateScript, releaseScript, renewScript } from './lease-scripts.ts';
import type { RedisLink } from './redis-link.ts';
import { toList, toNumber, toOptionalReply, toReplyText } from './reply.ts';
import { takeMembers, walkSets } from './sorted-sets.ts';

/** How many sessions of each shard one look moves back to the due ones. */
const mostLate = 16;

/** Creates the leases of the store. They use the server's clock. */
export function createRedisLeases(link: RedisLink, keys: Keys, now: () => string): Leases {
  const namesOf = (session: string): readonly string[] => {
    const { session: hash, due, held, work } = keys.of(session);
    return [hash, due, held, work];
  };
  const toArgs = ({ session, epoch, nonce }: Fence): readonly string[] => [
    now(),
    session,
    String(epoch),
    nonce,
  ];

  /** Moves sessions whose lease has expired back to the due ones. */
  const lapse = async (shards: readonly number[]): Promise<void> => {
    const sets = shards.map((shard) => keys.ofShard(shard).held);
    const late = toList(await link.run(lateScript, sets, [now(), String(mostLate)])).map(toReplyText);
    await Promise.all(late.map((session) => link.run(lapseScript, namesOf(session), [now(), session])));
  };

  return {
    async claim(session, node, ttlMs) {
      const nonce = `${node}.${mint(12)}`;
      const epoch = toOptionalReply(
        await link.run(claimScript, namesOf(session), [now(), session, nonce, String(ttlMs)]),
        toNumber,
      );
      return epoch === undefined ? undefined : { session, epoch, nonce, n: 0 };
    },

    async renew(fence, ttlMs) {
      const args = [...toArgs(fence), String(ttlMs)];
      return toNumber(await link.run(renewScript, namesOf(fence.session), args)) === 1;
    },

    async release(fence, ifHead) {
      const args = [...toArgs(fence), String(ifHead ?? '')];
      return toNumber(await link.run(releaseScript, namesOf(fence.session), args)) === 1;
    },

    async due(limit) {
      await Promise.all(keys.batches.map(lapse));
      const walk = walkSets(link, now, {
        batches: keys.batches.map((shards) => shards.map((shard) => keys.ofShard(shard).due)),
        order: 'rising',
        wanted: limit,
      });
      return (await takeMembers(walk, limit)).map(({ name }) => name);
    },
  };
}
