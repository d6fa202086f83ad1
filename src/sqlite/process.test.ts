import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNextHead, toContractText, toTexts } from '../store/contract-check.ts';
import { follow } from '../log/index.ts';
import type { Entry } from '../protocol/index.ts';
import { sqliteStore } from './sqlite.ts';

let folder = '';
let path = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-sqlite-'));
  path = join(folder, 'log.db');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Runs code in another process, with a store on the same file. `lines` yields the lines that it prints. */
function run(code: string): { readonly child: ChildProcess; readonly lines: AsyncIterable<string> } {
  const module = JSON.stringify(new URL('./sqlite.ts', import.meta.url).href);
  const source = `
    const { sqliteStore } = await import(${module});
    const store = await sqliteStore({ path: ${JSON.stringify(path)} });
    const tell = (...words) => process.stdout.write(words.join(' ') + '\\n');
    const text = (data) => ({ type: 'content', turn: 'turn', part: 'part', data });
    const head = (was) => ({ was, now: ${JSON.stringify(toNextHead())} });
    ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function readAll(session: string): Promise<readonly Entry[]> {
  const store = await sqliteStore({ path });
  const page = await store.log.read(session, undefined, Infinity);
  await store.close();
  return page.type === 'page' ? page.entries : [];
}

for (const [kind, event] of [
  ['lasting', "{ type: 'custom', turn: 't', name: 'n', data: 1 }"],
  ['passing', "text('x')"],
]) {
  test(`every acknowledged append of ${kind} events outlives kill -9`, async () => {
    const { child, lines } = run(`
      const write = async (session) => {
        await store.log.append(session, [], { head: head(0) });
        for (;;) {
          const { entries } = await store.log.append(session, [${event}, ${event}]);
          for (const { id } of entries) tell(session, id);
        }
      };
      for (const session of ['a', 'b', 'c', 'd', 'e']) void write(session);`);
    const ended = once(child, 'exit');
    const acknowledged = new Map<string, string[]>();
    let count = 0;
    for await (const line of lines) {
      const [session = '', id = ''] = line.split(' ');
      acknowledged.set(session, [...(acknowledged.get(session) ?? []), id]);
      count += 1;
      if (count === 500) child.kill('SIGKILL');
    }
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(acknowledged.size).toBe(5);
    for (const [session, ids] of acknowledged) {
      const kept = (await readAll(session)).map(({ id }) => id);
      expect(kept.slice(0, ids.length)).toEqual(ids);
      // An append without an acknowledgement may be there too, but only as a whole.
      expect(kept.length % 2).toBe(0);
    }
  });
}

test('if two processes append under the same head, one wins each version', async () => {
  const race = `
    const { log } = store;
    for (;;) {
      const page = await log.read('s', undefined, 0);
      const was = page.head.version;
      if (was > 150) break;
      const answer = await log.append('s', [text(String(was))], { head: head(was) });
      if (answer.type === 'appended') tell(was);
    }
    await store.close();`;
  const store = await sqliteStore({ path });
  await store.log.append('s', [], { head: { was: 0, now: toNextHead() } });
  const won = await Promise.all(
    [run(race), run(race)].map(async ({ lines }) => {
      const versions: number[] = [];
      for await (const line of lines) versions.push(Number(line));
      return versions;
    }),
  );
  const expected = Array.from({ length: 150 }, (_, index) => index + 1);
  expect(won.flat().toSorted((one, other) => one - other)).toEqual(expected);
  const page = await store.log.read('s', undefined, Infinity);
  await store.close();
  expect(page.type === 'page' && toTexts(page.entries)).toEqual(expected.map(String));
});

test('a follower sees what another process appends, and that it drops the session', async () => {
  const store = await sqliteStore({ path });
  await store.log.append('s', [toContractText('here')], { head: { was: 0, now: toNextHead() } });
  const seen: string[] = [];
  const pages = follow(store.log, 's', { signal: new AbortController().signal });
  await pages.next();
  const { child } = run(`
    for (let index = 0; index < 20; index += 1) await store.log.append('s', [text(String(index))]);
    for await (const _ of process.stdin);
    await store.log.drop('s');
    await store.close();`);
  const ended = once(child, 'exit');
  let last: string | undefined;
  for await (const page of pages) {
    last = page.type;
    if (page.type === 'page') seen.push(...toTexts(page.entries));
    if (seen.length === 20) child.stdin?.end();
  }
  expect(last).toBe('missing');
  expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`));
  expect(await ended).toEqual([0, null]);
  await store.close();
});

test('a lease of a process that was killed is claimed by another once it expires', async () => {
  const { child, lines } = run(`
    await store.log.append('s', [], { head: { was: 0, now: ${JSON.stringify(toNextHead({ dueAt: 0 }))} } });
    await store.leases.claim('s', 'dead', 60_000);
    tell('claimed');`);
  for await (const _ of lines) child.kill('SIGKILL');
  let later = 0;
  const store = await sqliteStore({ path, now: () => Date.now() + later });
  expect(await store.leases.due(9)).toEqual([]);
  expect(await store.leases.claim('s', 'alive', 1_000)).toBeUndefined();
  later = 61_000;
  expect(await store.leases.due(9)).toEqual(['s']);
  expect(await store.leases.claim('s', 'alive', 1_000)).toMatchObject({ epoch: 2 });
  await store.close();
});

test('a process ends by itself once its store is closed', async () => {
  const { child, lines } = run(`
    await store.log.append('s', [text('a')], { head: head(0) });
    store.log.watch('s', () => {});
    await store.close();
    tell('closed');`);
  const ended = once(child, 'exit');
  for await (const line of lines) expect(line).toBe('closed');
  expect(await ended).toEqual([0, null]);
});
