import type { Fence, Leases } from '../log/index.ts';
import { mint } from '../protocol/internal.ts';
import type { Keys } from './keys.ts';
import { claimScript, dueScript, lapseScript, releaseScript, renewScript } from './lease-scripts.ts';
import type { RedisLink } from './redis-link.ts';
import { toGroups, toList, toNumber, toOptionalReply, toReplyText } from './reply.ts';

interface Due {
  readonly session: string;
  readonly dueAt: number;
}

/** Creates the leases of the store. They use the server's clock. */
export function createRedisLeases(link: RedisLink, keys: Keys, now: () => string): Leases {
  const namesOf = (session: string): readonly string[] => {
    const { session: hash, due, held } = keys.of(session);
    return [hash, due, held];
  };
  const toArgs = ({ session, epoch, nonce }: Fence): readonly string[] => [
    now(),
    session,
    String(epoch),
    nonce,
  ];

  /** Moves a session whose lease has expired back to the due ones. Returns it if it is due now. */
  const lapse = async (session: string, time: number): Promise<Due | undefined> => {
    const dueAt = toOptionalReply(await link.run(lapseScript, namesOf(session), [now(), session]), toNumber);
    return dueAt === undefined || dueAt > time ? undefined : { session, dueAt };
  };

  const dueIn = async (shards: readonly number[], limit: number): Promise<readonly Due[]> => {
    const names = shards.map(keys.ofShard).flatMap(({ due, held }) => [due, held]);
    const [free, late, time] = toList(await link.run(dueScript, names, [now(), String(limit)]));
    const lapsed = await Promise.all(
      toList(late).map((session) => lapse(toReplyText(session), toNumber(time))),
    );
    return [
      ...toGroups(free, 2).map(([session = '', dueAt]) => ({ session, dueAt: Number(dueAt) })),
      ...lapsed.filter((found) => found !== undefined),
    ];
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
      const found = await Promise.all(keys.batches.map((shards) => dueIn(shards, limit)));
      return found
        .flat()
        .toSorted((one, other) => one.dueAt - other.dueAt || (one.session < other.session ? -1 : 1))
        .slice(0, limit)
        .map(({ session }) => session);
    },
  };
}
