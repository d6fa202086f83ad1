import type { MemoryIndex } from './memory-index.ts';
import { toLive } from './memory-session.ts';
import type { MemorySessions } from './memory-session.ts';
import type { ListedSession, SessionIndex } from './store.ts';

/** Creates the lists of the sessions in memory. */
export function createMemoryList(
  sessions: MemorySessions,
  index: MemoryIndex,
  now: () => number,
): SessionIndex {
  const toListed = (session: string): readonly ListedSession[] => {
    const kept = toLive(sessions, session);
    return kept === undefined ? [] : [{ session, head: kept.head }];
  };
  return {
    async list(owner, { limit, before }) {
      const below = before && { at: before.activeAt, name: before.session ?? '' };
      const listed: ListedSession[] = [];
      for (const { name } of index.ownedBy(owner).down(below)) {
        if (listed.length >= limit) break;
        listed.push(...toListed(name));
      }
      return listed;
    },

    async due({ limit, owner }) {
      const due: ListedSession[] = [];
      for (const { at, name } of index.agenda.up()) {
        if (at > now() || due.length >= limit) break;
        due.push(...toListed(name).filter(({ head }) => owner === undefined || head.owner === owner));
      }
      return due;
    },
  };
}
