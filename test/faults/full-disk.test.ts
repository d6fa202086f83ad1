// A disk of 3 MiB under a server runs full, by the server's own conversations or by another program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { root, start } from '../rig/child.ts';
import type { Child } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

/** A program with a server, and beside it an HTTP server that fills the disk and empties it again. */
const program = (disk: string): string => `
  import { createServer } from 'node:http';
  import { openSync, writeSync, closeSync, unlinkSync } from 'node:fs';
  import { defineAgent } from 'heddle';
  import { listen } from 'heddle/node';
  import { createServer as createHeddle } from 'heddle/server';
  import { sqliteStore } from 'heddle/sqlite';
  const agent = defineAgent({ open: () => async function* () { yield 'hello'; } });
  const store = await sqliteStore({ path: '${disk}/heddle.db' });
  const heddle = await listen(createHeddle({ agent, store }), { port: 0 });
  const others = createServer((request, response) => {
    if (request.url === '/fill') {
      const file = openSync('${disk}/others', 'w');
      for (const size of [65536, 4096, 1]) try { for (;;) writeSync(file, Buffer.alloc(size)); } catch {}
      closeSync(file);
    } else unlinkSync('${disk}/others');
    response.end('done');
  }).listen(0, '127.0.0.1', () => console.log('at', heddle.url, 'http://127.0.0.1:' + others.address().port, 'end'));`;

/** A program with a store whose long session shares its pages with another one. It deletes it on a full disk. */
const longSession = (disk: string): string => `
  import { openSync, writeSync, closeSync } from 'node:fs';
  import { DatabaseSync } from 'node:sqlite';
  import { sqliteStore } from 'heddle/sqlite';
  const path = '${disk}/heddle.db';
  let store = await sqliteStore({ path });
  const now = { owner: 'owner', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };
  for (const session of ['long', 'other']) await store.log.append(session, [], { head: { was: 0, now } });
  for (let index = 0; index < 200; index += 1) for (const session of ['long', 'other'])
    await store.log.append(session, [{ type: 'content', turn: 't', part: 'p', data: 'x'.repeat(1800) }]);
  await store.close();
  store = await sqliteStore({ path });
  const file = openSync('${disk}/others', 'w');
  for (const size of [65536, 4096, 1]) try { for (;;) writeSync(file, Buffer.alloc(size)); } catch {}
  closeSync(file);
  await store.check().catch(({ code }) => console.log('check', code));
  await store.log.drop('long');
  const rows = new DatabaseSync(path).prepare(
    "select count(*) as rows from appends join sessions on sessions.id = session where name = 'long'");
  console.log('left', rows.get().rows);
  setInterval(() => rows.get().rows === 1 && console.log('all deleted'), 100);`;

interface Served {
  readonly url: string;
  readonly others: string;
  readonly child: Child;
}

async function serve(): Promise<Served> {
  const child = startOnDisk(program);
  const [, url = '', others = ''] = await child.waitFor(/at (\S+) (\S+) end/);
  return { url, others, child };
}

/** Starts a program on a disk that exists for its process only. */
function startOnDisk(toProgram: (disk: string) => string): Child {
  const { path, remove } = temporaryFolder(root);
  cleanUp(remove);
  const disk = join(path, 'disk');
  writeFileSync(join(path, 'program.ts'), toProgram(disk));
  const mount = `mkdir ${disk} && mount -t tmpfs -o size=3m tmpfs ${disk} && exec "$0" "$@"`;
  const alone = ['--user', '--map-root-user', '--mount', 'sh', '-c', mount];
  const node = [process.execPath, '--conditions=@heddle/source', join(path, 'program.ts')];
  const child = start('unshare', [...alone, ...node]);
  cleanUp(() => child.stop());
  return child;
}

async function ask(
  url: string,
  method = 'GET',
  body?: object,
): Promise<{ status: number; json: Record<string, string> }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, string>) };
}

async function createSession(url: string): Promise<string> {
  const { status, json } = await ask(`${url}/session`, 'POST', {});
  expect(status).toBe(201);
  return json['session_id'] ?? '';
}

/** Sends a message and waits for the end of its turn. */
async function talk(url: string): Promise<string> {
  const session = await createSession(url);
  expect((await ask(`${url}/message/${session}`, 'POST', { content: 'hi' })).status).toBe(202);
  await vi.waitFor(
    async () => {
      const { json } = await ask(`${url}/session/${session}`);
      expect(JSON.stringify(json)).toContain('"outcome":"completed"');
    },
    { timeout: 10_000 },
  );
  return session;
}

const full = { status: 503, json: { code: 'storage_full' } };

test('a disk full of its own conversations refuses messages while deleting still works, and goes on after that', async () => {
  const { url } = await serve();
  const sessions: string[] = [];
  const content = 'x'.repeat(100_000);
  for (let last = 202; last === 202;) {
    const session = await ask(`${url}/session`, 'POST', {});
    if (session.status !== 201) break;
    sessions.push(session.json['session_id'] ?? '');
    last = (await ask(`${url}/message/${sessions.at(-1)}`, 'POST', { content })).status;
    expect(sessions.length).toBeLessThan(60);
  }
  expect(sessions.length).toBeGreaterThan(3);
  expect(await ask(`${url}/message/${sessions[0]}`, 'POST', { content })).toMatchObject(full);
  expect(await ask(`${url}/ready`)).toMatchObject(full);
  expect((await ask(`${url}/health`)).status).toBe(200);
  expect((await ask(`${url}/session/${sessions[0]}`)).status).toBe(200);
  expect((await ask(`${url}/sessions`)).status).toBe(200);
  for (const session of sessions)
    expect((await ask(`${url}/session/${session}`, 'DELETE')).status, session).toBe(204);
  expect((await ask(`${url}/ready`)).status).toBe(200);
  const session = await createSession(url);
  expect((await ask(`${url}/message/${session}`, 'POST', { content })).status).toBe(202);
  await talk(url);
}, 60_000);

test('a disk that another program has filled refuses messages, sessions can be deleted, and everything goes on when it is emptied', async () => {
  const { url, others, child } = await serve();
  const sessions = [await talk(url), await talk(url)];
  await fetch(`${others}/fill`);
  expect(await ask(`${url}/message/${sessions[0]}`, 'POST', { content: 'hi' })).toMatchObject(full);
  expect(await ask(`${url}/session`, 'POST', {})).toMatchObject(full);
  expect(await ask(`${url}/ready`)).toMatchObject(full);
  expect((await ask(`${url}/session/${sessions[0]}`)).status).toBe(200);
  expect((await ask(`${url}/session/${sessions[0]}`, 'DELETE')).status).toBe(204);
  expect((await ask(`${url}/session/${sessions[0]}`)).status).toBe(404);
  expect(child.output()).toContain('MiB left');
  await fetch(`${others}/empty`);
  expect((await ask(`${url}/ready`)).status).toBe(200);
  expect((await ask(`${url}/message/${sessions[1]}`, 'POST', { content: 'hi' })).status).toBe(202);
  await talk(url);
}, 60_000);

test('on a disk without a free byte, a long session is deleted at once, and its rows in slices that fit', async () => {
  const child = startOnDisk(longSession);
  await child.waitFor(/check storage_full\n/);
  const [, left] = await child.waitFor(/left (\d+)\n/);
  expect(Number(left)).toBeGreaterThan(1);
  await child.waitFor(/all deleted\n/);
}, 60_000);
