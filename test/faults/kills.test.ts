// Rows of the fault matrix with real processes, real sockets and real kill -9. `npm run proof:kills` has the
// long runs.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startServerChild } from '../rig/server-child.ts';
import type { ServerChild } from '../rig/server-child.ts';
import { postSession, fetchQuietLog, send } from '../rig/http-client.ts';
import { killRound } from '../rig/rounds/kill-round.ts';
import type { Script } from '../rig/scripted-agent.ts';
import {
  check,
  createFaultProxy,
  createHistory,
  createRandom,
  followPlainly,
} from '../../src/testing/index.ts';
import type { FinalLog, HistoryRecorder, Plan, ReaderRecorder } from '../../src/testing/index.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const cleanUp = createCleanUp();

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'heddle-faults-'));
  cleanUp(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function serve(...args: Parameters<typeof startServerChild>): Promise<ServerChild> {
  const child = await startServerChild(...args);
  cleanUp(() => child.kill());
  return child;
}

function script(options: Partial<Script> = {}): string {
  return JSON.stringify({ words: 8, tool: false, end: 'well', name: 'test', ...options });
}

/** Follows a session through a proxy until the test is over. */
async function followThrough(
  port: number | (() => number),
  plan: Plan,
  history: HistoryRecorder,
  session: string,
  seed = 1,
): Promise<{ readonly reader: ReaderRecorder; readonly cuts: () => number }> {
  const proxy = await createFaultProxy({ port, plan, seed });
  const leave = new AbortController();
  const reader = history.reader({ reader: `seed ${seed}`, session, principal: 'anonymous' });
  const done = followPlainly({
    url: `${proxy.url}/stream/${session}`,
    reader,
    signal: leave.signal,
    pauseMs: () => 5,
    readTimeoutMs: 1_000,
  });
  cleanUp(async () => {
    leave.abort();
    await proxy.close();
    await done;
  });
  return { reader, cuts: () => proxy.cuts };
}

/** Waits until the readers have received the whole log, and checks the history. */
async function judge(
  history: HistoryRecorder,
  log: FinalLog,
  readers: readonly ReaderRecorder[],
): Promise<void> {
  const last = log.entries.at(-1)?.id;
  await vi.waitFor(
    () => {
      for (const reader of readers) expect(reader.last).toBe(last);
    },
    { timeout: 10_000 },
  );
  history.log(log);
  expect(check(history.toHistory())).toEqual([]);
}

function outcomes(log: FinalLog): readonly string[] {
  return log.entries.flatMap(({ event }) =>
    event.type === 'message_end' ? [event.error?.code ?? event.outcome] : [],
  );
}

test('F1 F2: a stream that is cut at any byte, by reset or by a clean end, resumes without a gap or a repeat', async () => {
  const server = await serve(['--pace', '1']);
  const history = createHistory();
  const session = await postSession(server.url);
  const readers = [];
  for (const how of ['rst', 'fin'] as const) {
    for (const seed of [1, 2, 3, 4]) {
      // The first cuts are in the headers and the first frames. Later connections last longer, so that a
      // reader reaches the end.
      const plan: Plan = (connection, random) => ({
        down: { cut: { atByte: random.integer(0, 400 * (connection + 1)), how } },
      });
      readers.push(await followThrough(server.port, plan, history, session, seed));
    }
  }
  for (const key of ['a', 'b', 'c'])
    await send({ history, url: () => server.url, session, key, content: script({ words: 15 }) });
  const log = await fetchQuietLog(() => server.url, session, 3, 20_000);
  await judge(
    history,
    log,
    readers.map(({ reader }) => reader),
  );
  expect(readers.reduce((sum, { cuts }) => sum + cuts(), 0)).toBeGreaterThan(16);
}, 60_000);

test('F21: slices of one to three bytes, late and slow, give the same events', async () => {
  const server = await serve(['--pace', '1']);
  const history = createHistory();
  const session = await postSession(server.url);
  const plan: Plan = () => ({ down: { slice: { min: 1, max: 3 } } });
  const { reader } = await followThrough(server.port, plan, history, session);
  await send({ history, url: () => server.url, session, key: 'a', content: script() });
  await judge(history, await fetchQuietLog(() => server.url, session, 1, 20_000), [reader]);
}, 60_000);

test('F6: kills at random moments under load break no rule, and every turn ends once, in time', async () => {
  const data = join(folder(), 'heddle.db');
  const start = (): Promise<ServerChild> => serve(['--data', data]);
  const random = createRandom(6);
  let child = await start();
  for (const kill of [1, 2, 3]) {
    const round = await killRound({ child, restart: start, random: random.fork(kill), withinMs: 10_000 });
    ({ child } = round);
    expect(round.violations, `kill ${kill}`).toEqual([]);
    expect(round.turns, `kill ${kill}`).toBeGreaterThan(0);
  }
}, 90_000);

test('F7: a retry after a lost response finds the turn that the first try started', async () => {
  const data = join(folder(), 'heddle.db');
  const first = await serve(['--data', data]);
  const history = createHistory();
  const session = await postSession(first.url);
  // The request goes through. Its response is cut before the first byte.
  const proxy = await createFaultProxy({
    port: () => current.port,
    plan: (connection) => (connection < 2 ? { down: { cut: { atByte: 1, how: 'rst' } } } : {}),
    seed: 7,
  });
  cleanUp(() => proxy.close());
  let current = first;
  const options = { history, url: () => proxy.url, session, key: 'k', content: script() };
  expect(await send({ ...options, tries: 1 })).toBeUndefined();
  await first.kill();
  current = await serve(['--data', data]);
  expect(await send({ ...options, tries: 1 })).toBeUndefined();
  expect(await send(options)).toBeDefined();
  const log = await fetchQuietLog(() => current.url, session, 1, 20_000);
  expect(log.entries.filter(({ event }) => event.type === 'message')).toHaveLength(1);
  await judge(history, log, []);
}, 60_000);

test('F8: a tool is not run again if its process dies right after its effect', async () => {
  const path = folder();
  const [data, effects] = [join(path, 'heddle.db'), join(path, 'effects')];
  appendFileSync(effects, '');
  const first = await serve(['--data', data, '--effects', effects, '--kill-after-effect']);
  const history = createHistory();
  const session = await postSession(first.url);
  await send({ history, url: () => first.url, session, key: 'k', content: script({ tool: true, words: 1 }) });
  await first.gone;
  expect(readFileSync(effects, 'utf8').trim().split('\n')).toHaveLength(1);
  const second = await serve(['--data', data, '--effects', effects]);
  const log = await fetchQuietLog(() => second.url, session, 1, 20_000);
  expect(outcomes(log)).toEqual(['interrupted']);
  expect(readFileSync(effects, 'utf8').trim().split('\n')).toHaveLength(1);
  await judge(history, log, []);
}, 60_000);

test('F14: a used key with another body is refused with 422, and nothing runs', async () => {
  const server = await serve([]);
  const history = createHistory();
  const session = await postSession(server.url);
  const options = { history, url: () => server.url, session, key: 'k' };
  await send({ ...options, content: script() });
  expect(await send({ ...options, content: script({ words: 2 }) })).toBeUndefined();
  expect(history.toHistory().posts.at(-1)?.fate).toEqual({ type: 'refused', code: 'key_reused' });
  const log = await fetchQuietLog(() => server.url, session, 1, 20_000);
  expect(log.entries.filter(({ event }) => event.type === 'message')).toHaveLength(1);
  await judge(history, log, []);
}, 60_000);

test('F32: while a model is silent the stream sends keepalives, and the turn ends by its own timeout', async () => {
  const server = await serve(['--turn-ms', '1500', '--keepalive', '100']);
  const history = createHistory();
  const session = await postSession(server.url);
  // The reader gives up after a second of silence. That must never happen.
  const { reader } = await followThrough(server.port, () => ({}), history, session);
  await send({ history, url: () => server.url, session, key: 'k', content: script({ end: 'waits' }) });
  const log = await fetchQuietLog(() => server.url, session, 1, 20_000);
  await judge(history, log, [reader]);
  expect(outcomes(log)).toEqual(['timeout']);
  expect(history.toHistory().readers[0]?.connections).toHaveLength(1);
}, 60_000);

test("F33: a turn fails if the model's stream dies midway, and a retry withdraws the words that it says again", async () => {
  const server = await serve(['--pace', '1']);
  const history = createHistory();
  const session = await postSession(server.url);
  const { reader } = await followThrough(server.port, () => ({}), history, session);
  const options = { history, url: () => server.url, session };
  await send({ ...options, key: 'dies', content: script({ end: 'throws' }) });
  await send({ ...options, key: 'repeats', content: script({ end: 'repeats', words: 2 }) });
  const log = await fetchQuietLog(() => server.url, session, 2, 20_000);
  await judge(history, log, [reader]);
  expect(outcomes(log)).toEqual(['agent_failed', 'completed']);
  const state: unknown = await (await fetch(`${server.url}/session/${session}`)).json();
  expect(JSON.stringify(state).match(/word 1 of 2/g)).toHaveLength(1);
}, 60_000);

test('F34: a cancel that races the end gives one terminal event, however they meet', async () => {
  const server = await serve(['--pace', '1']);
  const history = createHistory();
  const session = await postSession(server.url);
  const { reader } = await followThrough(server.port, () => ({}), history, session);
  const random = createRandom(34);
  const turns = 40;
  for (let turn = 1; turn <= turns; turn += 1) {
    const sent = send({
      history,
      url: () => server.url,
      session,
      key: `k${turn}`,
      content: script({ words: random.integer(0, 2) }),
    });
    const cancels = Array.from({ length: random.integer(1, 3) }, () =>
      fetch(`${server.url}/cancel/${session}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    );
    await Promise.all([sent, ...cancels]);
  }
  const log = await fetchQuietLog(() => server.url, session, turns, 20_000);
  await judge(history, log, [reader]);
  expect(outcomes(log)).toHaveLength(turns);
}, 60_000);
