import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach } from 'vitest';
import type { StoreCall, StoreOutcome } from './calls.ts';
import { createGroup } from './group.ts';
import { openDatabase } from './open-database.ts';

/** A new database for each test, and the group that runs calls on it. */
export interface GroupBench {
  readonly path: string;
  readonly db: DatabaseSync;
  run(requests: readonly StoreCall[]): readonly StoreOutcome[];
  /** Creates the group anew, as the next process does: by default over the same connection. */
  reopen(over?: DatabaseSync): void;
}

export function useGroup(): GroupBench {
  let folder = '';
  let db: DatabaseSync;
  let run: ReturnType<typeof createGroup>;
  const toPath = (): string => join(folder, 'log.db');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
    db = openDatabase(toPath());
    run = createGroup(db);
  });
  afterEach(async () => {
    db.close();
    await rm(folder, { recursive: true });
  });

  return {
    get path() {
      return toPath();
    },
    get db() {
      return db;
    },
    run: (requests) => run(requests),
    reopen: (over = db) => void (run = createGroup(over)),
  };
}

/** Returns the call of an append with one entry. */
export function toAppendCall(
  session: string,
  {
    text = 'x',
    lasting = false,
    was,
    key,
  }: {
    readonly text?: string;
    readonly lasting?: boolean;
    readonly was?: number;
    readonly key?: string;
  } = {},
): StoreCall<'append'> {
  const head = { text: '{}', owner: '""', kind: 'session', activeAt: 0, dueAt: undefined } as const;
  return {
    name: 'append',
    args: {
      session,
      at: 0,
      count: 1,
      events: JSON.stringify([text]),
      lasting,
      head: was === undefined ? undefined : { ...head, was },
      key: key === undefined ? undefined : { id: key, digest: '' },
      fence: undefined,
    },
  };
}
