import type { DatabaseSync } from 'node:sqlite';
import { createAppendRows } from './append-rows.ts';
import { createAppend } from './append.ts';
import type { CallName, Calls, Outcome, Request } from './calls.ts';
import { toFailure } from './failure.ts';
import { createForget } from './forget.ts';
import { createHold } from './hold.ts';
import { createKeep } from './keep.ts';
import { createList } from './list.ts';
import { createRead } from './read.ts';
import { createStoredSessions } from './stored-session.ts';

type Operations = { readonly [Name in CallName]: (args: Calls[Name]['args']) => Calls[Name]['result'] };

/**
 * Creates what runs a group of calls as one transaction and answers each: a commit costs far more than the calls in it.
 * Where the transaction fails, all of them fail.
 */
export function createGroup(db: DatabaseSync): (requests: readonly Request[]) => readonly Outcome[] {
  const sessions = createStoredSessions(db);
  const rows = createAppendRows(db);
  const operations: Operations = {
    append: createAppend(db, sessions, rows),
    read: createRead(db, sessions, rows),
    ...createForget(db, sessions, rows),
    ...createHold(db, sessions),
    ...createKeep(db, sessions),
    ...createList(db),
  };
  const dataVersion = db.prepare('pragma data_version');
  let seen: unknown;
  let syncs: boolean | undefined;

  /** Syncs at the commit, or leaves that to the next one that does: then a power cut may lose it, a killed process does not. */
  const setSyncs = (next: boolean): void => {
    if (next !== syncs) db.exec(`pragma synchronous = ${next ? 'full' : 'normal'}`);
    syncs = next;
  };

  return (requests) => {
    try {
      setSyncs(requests.some(isLasting));
      db.exec(requests.every(isReading) ? 'begin' : 'begin immediate');
      const version = dataVersion.get()?.['data_version'];
      if (version !== seen) sessions.forget();
      seen = version;
      const outcomes = requests.map((request) => ({ value: perform(operations, request) }));
      db.exec('commit');
      return outcomes;
    } catch (error) {
      sessions.forget();
      rollBack(db);
      const failure = toFailure(error);
      return requests.map(() => failure);
    }
  };
}

function perform<Name extends CallName>(
  operations: Operations,
  { name, args }: Request<Name>,
): Calls[Name]['result'] {
  return operations[name](args);
}

function isLasting({ name, args }: Request): boolean {
  return name === 'append' ? args.lasting : name === 'drop' || name === 'save';
}

function isReading({ name }: Request): boolean {
  return name === 'read' || name === 'list' || name === 'listDue' || name === 'due' || name === 'load';
}

function rollBack(db: DatabaseSync): void {
  try {
    db.exec('rollback');
  } catch {
    // SQLite has rolled back by itself, or never began.
  }
}
