import type { Head } from './head.ts';
import { createSortedNames } from './sorted-names.ts';
import type { SortedNames } from './sorted-names.ts';

/** The sessions in memory in the orders that are asked for. No search looks at all sessions. */
export interface MemoryIndex {
  /** The sessions that have a `dueAt`, by that time. */
  readonly agenda: Pick<SortedNames, 'up'>;
  /** The listed sessions of an owner, by the time when they were last active. */
  ownedBy(owner: string): Pick<SortedNames, 'down'>;
  /** Moves a session after its head was replaced. Without `after` the session was dropped. */
  move(session: string, before: Head | undefined, after: Head | undefined): void;
}

/** Creates the index of no sessions. */
export function createMemoryIndex(): MemoryIndex {
  const agenda = createSortedNames();
  const owners = new Map<string, { readonly names: SortedNames; size: number }>();
  const none = createSortedNames();

  const remove = (session: string, { dueAt, kind, owner, activeAt }: Head): void => {
    if (dueAt !== undefined) agenda.delete(dueAt, session);
    const owned = kind === 'session' ? owners.get(owner) : undefined;
    if (owned === undefined) return;
    owned.names.delete(activeAt, session);
    owned.size -= 1;
    if (owned.size === 0) owners.delete(owner);
  };
  const add = (session: string, { dueAt, kind, owner, activeAt }: Head): void => {
    if (dueAt !== undefined) agenda.add(dueAt, session);
    if (kind !== 'session') return;
    const owned = owners.get(owner) ?? { names: createSortedNames(), size: 0 };
    owners.set(owner, owned);
    owned.names.add(activeAt, session);
    owned.size += 1;
  };

  return {
    agenda,
    ownedBy: (owner) => owners.get(owner)?.names ?? none,
    move(session, before, after) {
      if (before !== undefined) remove(session, before);
      if (after !== undefined) add(session, after);
    },
  };
}
