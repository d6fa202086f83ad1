import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toColumnText } from './columns.ts';
import { createGroup } from './group.ts';
import { openDatabase } from './open-database.ts';
import { watchFile } from './watch-file.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('no statement scans a table or sorts what it finds', () => {
  const db = openDatabase(join(folder, 'log.db'));
  const prepare = db.prepare.bind(db);
  const statements: string[] = [];
  db.prepare = (sql) => {
    statements.push(sql);
    return prepare(sql);
  };
  createGroup(db);
  watchFile(db, 0, () => {})();
  const plans = statements
    .filter((sql) => !sql.startsWith('pragma'))
    .map((sql) => ({ sql, plan: prepare(`explain query plan ${sql}`).all().map(toDetail) }));
  expect(plans.length).toBeGreaterThan(40);
  const slow = plans.filter(({ plan }) => plan.some((step) => /^SCAN|TEMP B-TREE FOR .*ORDER BY/.test(step)));
  expect(slow).toEqual([]);
  // The order of the index makes a page of a list: it is no search of one column with a filter on the others.
  const details = plans.flatMap(({ plan }) => plan);
  for (const index of [
    'sessions_by_owner (owner=? AND (active_at,name)<(?,?))',
    'sessions_due (due_at<?)',
    'sessions_due_by_owner (owner=? AND due_at<?)',
    'sessions_free (due_at<?)',
    'sessions_held (held_until<?)',
    'appends_by_session (session=? AND last>?)',
  ])
    expect(details.filter((step) => step.includes(` USING INDEX ${index}`)).length, index).toBeGreaterThan(0);
  db.close();
});

function toDetail(row: Readonly<Record<string, unknown>>): string {
  return toColumnText(row['detail']);
}
