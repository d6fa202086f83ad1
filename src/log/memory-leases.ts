import { mint } from '../protocol/internal.ts';
import { maxLeaseMs } from './leases.ts';
import type { Fence, Leases } from './leases.ts';
import type { MemoryIndex } from './memory-index.ts';
import { toLive } from './memory-session.ts';
import type { MemoryLease, MemorySessions } from './memory-session.ts';

/** Creates the leases over the sessions in memory. */
export function createMemoryLeases(
  sessions: MemorySessions,
  { agenda }: MemoryIndex,
  now: () => number,
): Leases {
  const isLive = (lease: MemoryLease | undefined): boolean =>
    lease !== undefined && lease.until > now() && lease.until <= now() + maxLeaseMs;
  const held = ({ session, epoch, nonce }: Fence): MemoryLease | undefined => {
    const lease = toLive(sessions, session)?.lease;
    return lease?.epoch === epoch && lease.nonce === nonce ? lease : undefined;
  };
  return {
    async claim(session, node, ttlMs) {
      const kept = toLive(sessions, session);
      if (kept === undefined || isLive(kept.lease)) return undefined;
      kept.epoch += 1;
      const { epoch } = kept;
      const nonce = `${node}.${mint(6)}`;
      kept.lease = { epoch, nonce, until: now() + ttlMs, n: 0, answer: undefined };
      return { session, epoch, nonce, n: 0 };
    },

    async renew(fence, ttlMs) {
      const lease = held(fence);
      if (lease === undefined) return false;
      lease.until = now() + ttlMs;
      return true;
    },

    async release(fence, ifHead) {
      const kept = toLive(sessions, fence.session);
      if (kept === undefined || held(fence) === undefined) return false;
      if (ifHead !== undefined && kept.head.version !== ifHead) return false;
      kept.lease = undefined;
      return true;
    },

    async due(limit) {
      const free: string[] = [];
      for (const { at, name } of agenda.up()) {
        if (at > now() || free.length >= limit) break;
        if (!isLive(toLive(sessions, name)?.lease)) free.push(name);
      }
      return free;
    },
  };
}
