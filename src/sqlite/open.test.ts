import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNextHead, toContractText } from '../store/contract-check.ts';
import { schemaVersion } from './schema.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  path = join(folder, 'log.db');
});

afterEach(() => rm(folder, { recursive: true }));

async function failure(at: string): Promise<string> {
  try {
    const store = await sqliteStore({ path: at });
    await store.close();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'It was opened.';
}

test('the folder and the file are made, and only their owner can read them', async () => {
  const deep = join(folder, 'a', 'b', 'log.db');
  const store = await sqliteStore({ path: deep });
  await store.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  const modes = await Promise.all(
    [deep, `${deep}-wal`, `${deep}-shm`, join(folder, 'a')].map((each) => stat(each)),
  );
  expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o700]);
  await store.close();
});

test('what was written is there when the file is opened again', async () => {
  const first = await sqliteStore({ path });
  const said = await first.log.append('s', [toContractText('a')], { head: { was: 0, now: toNextHead() } });
  await first.close();
  const second = await sqliteStore({ path });
  expect(await second.log.read('s', undefined, 9)).toMatchObject({
    type: 'page',
    entries: said.type === 'appended' ? said.entries : [],
  });
  await second.close();
});

test('a snapshot and the due time of a session are there when the file is opened again', async () => {
  const first = await sqliteStore({ path });
  await first.log.append('s', [], { head: { was: 0, now: toNextHead({ dueAt: 1_000 }) } });
  const data = `half \ud83d, \u0000, ${'x'.repeat(100_000)}`;
  await first.snapshots.save('s', 'name', data);
  await first.close();
  let time = 999;
  const second = await sqliteStore({ path, now: () => time });
  expect(await second.snapshots.load('s', 'name')).toBe(data);
  expect(await second.leases.due(9)).toEqual([]);
  time = 1_000;
  expect(await second.leases.due(9)).toEqual(['s']);
  await second.close();
});

test('a path that cannot be opened is named in the error', async () => {
  await mkdir(join(folder, 'directory'));
  await writeFile(
    join(folder, 'file'),
    'This is a text, and it is long enough to be read as the head of a database file.'.repeat(20),
  );
  for (const [name, words] of [
    ['directory', 'unable to open database file'],
    ['file', 'it is not a database: name another file.'],
    [join('file', 'log.db'), 'EEXIST'],
  ] as const) {
    const message = await failure(join(folder, name));
    expect(message).toContain(`The log at ${join(folder, name)} cannot be opened: `);
    expect(message).toContain(words);
  }
});

test('a file of a newer Heddle is refused and left as it is', async () => {
  const store = await sqliteStore({ path });
  await store.close();
  const db = new DatabaseSync(path);
  db.exec(`pragma user_version = ${schemaVersion + 1}`);
  expect(await failure(path)).toBe(
    `The log at ${path} cannot be opened: it was written by a newer Heddle (its schema is ${schemaVersion + 1}, this Heddle knows ${schemaVersion}): update Heddle, or name another file.`,
  );
  expect(db.prepare('pragma user_version').get()).toEqual({ user_version: schemaVersion + 1 });
  db.close();
});

test('a database of another program is refused and left as it is', async () => {
  const db = new DatabaseSync(path);
  db.exec('create table theirs (a)');
  expect(await failure(path)).toContain('it is a database of another program: name another file.');
  expect(db.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
  db.close();
});

test('closing waits for every call made before, and refuses later ones', async () => {
  const store = await sqliteStore({ path });
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const calls = Array.from({ length: 3_000 }, (_, index) =>
    store.log.append('s', [toContractText(`${index}`)]),
  );
  const closed = [store.close(), store.close()];
  const late = store.log.append('s', [toContractText('late')]);
  await expect(late).rejects.toMatchObject({ name: 'RefusalError', code: 'unavailable' });
  expect((await Promise.all(calls)).every(({ type }) => type === 'appended')).toBe(true);
  await Promise.all(closed);
  await expect(store.log.read('s', undefined, 1)).rejects.toMatchObject({ code: 'unavailable' });
  const again = await sqliteStore({ path });
  const page = await again.log.read('s', undefined, Infinity);
  expect(page.type === 'page' && page.entries.length).toBe(3_000);
  await again.close();
});
