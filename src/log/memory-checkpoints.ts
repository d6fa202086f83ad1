import { toLive } from './memory-session.ts';
import type { MemorySessions } from './memory-session.ts';
import type { Checkpoints } from './store.ts';

/** Creates the checkpoints of the sessions in memory. They are deleted with their session. */
export function createMemoryCheckpoints(sessions: MemorySessions): Checkpoints {
  return {
    async save(session, { was, tag, record, count, pages }) {
      const kept = toLive(sessions, session);
      if (kept === undefined || kept.checkpoint?.tag !== was) return false;
      const before = kept.checkpoint?.pages ?? [];
      const next = Array.from({ length: count }, (_, page) => pages.get(page) ?? before[page] ?? '');
      kept.checkpoint = { tag, record, pages: next };
      return true;
    },

    async load(session, { last, before = Infinity }) {
      const kept = toLive(sessions, session)?.checkpoint;
      if (kept === undefined) return undefined;
      const { tag, record, pages } = kept;
      const end = Math.min(before, pages.length);
      const first = Math.max(0, end - last);
      return { tag, record, count: pages.length, first, pages: pages.slice(first, end) };
    },
  };
}
