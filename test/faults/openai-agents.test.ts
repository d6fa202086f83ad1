// A process dies while a tool of an agent of the OpenAI Agents SDK runs. Another process takes the turn over.
import { Agent, RunState, Runner, tool } from '@openai/agents';
import { ScriptedModel, assistantMessage, functionCall } from '@openai/agents/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openaiAgents } from '../../src/agents/openai-agents/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import type { SessionEvent } from '../../src/protocol/index.ts';
import { isRecord } from '../../src/protocol/internal.ts';
import { createServer } from '../../src/server/index.ts';
import { createMortalStore } from '../rig/mortal-store.ts';

const never = new Promise<string>(() => {});
const call = functionCall('pay', { sum: 5 }, { callId: 'c1' });

/** Two processes over one store, one after the other. The tool of the first one never ends. */
function stage(isIdempotent: boolean, needsApproval: boolean) {
  let offset = 0;
  const base = memoryStore({ now: () => Date.now() + offset });
  const runs: string[] = [];
  const start = (process: string, outputs: ConstructorParameters<typeof ScriptedModel>[0], ends: boolean) => {
    const model = new ScriptedModel(outputs);
    const pay = tool({
      name: 'pay',
      description: 'pay',
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: true },
      strict: false,
      needsApproval,
      execute: () => {
        runs.push(process);
        return ends ? 'paid' : never;
      },
    });
    const mortal = createMortalStore(base);
    const server = createServer({
      store: mortal.store,
      agent: openaiAgents(
        () => ({
          agent: new Agent({ name: 'A', model, tools: [pay] }),
          runner: new Runner({ tracingDisabled: true }),
          RunState,
        }),
        { tools: { pay: { idempotent: isIdempotent } } },
      ),
      gatherMs: 0,
      dueMs: 5,
      cancelMs: 50,
      onError: () => {},
      authenticate: () => ({ owner: 'ada' }),
    });
    onTestFinished(() => server.close(0));
    const post = async (path: string, body: object = {}): Promise<Readonly<Record<string, unknown>>> => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const answer: unknown = await (await server.fetch(new Request(`http://localhost${path}`, init))).json();
      return isRecord(answer) ? answer : {};
    };
    return { model, mortal, post };
  };
  const eventsOf = async (session: string): Promise<readonly SessionEvent[]> => {
    const page = await base.log.read(session, undefined, 1_000);
    return page.type === 'page' ? page.entries.map(({ event }) => event) : [];
  };
  const until = (fits: () => unknown): Promise<unknown> =>
    vi.waitFor(async () => expect(await fits()).toBeTruthy(), { timeout: 5_000, interval: 5 });
  return {
    runs,
    start,
    eventsOf,
    until,
    pass: () => (offset += 60_000),
  };
}

/** Asks the first process to pay. */
async function begin({ start }: ReturnType<typeof stage>) {
  const first = start('first', [[call]], false);
  const session = String((await first.post('/session'))['session_id']);
  await first.post(`/message/${session}`, { content: 'Pay' });
  return { first, session };
}

/** Lets the first process die in its tool. */
async function die({ runs, until, pass }: ReturnType<typeof stage>, first: Process): Promise<void> {
  await until(() => runs.length === 1);
  first.mortal.kill();
  pass();
}

type Process = ReturnType<ReturnType<typeof stage>['start']>;

async function endsOf(events: Promise<readonly SessionEvent[]>) {
  return (await events).filter((event) => event.type === 'message_end');
}

test('a tool that is not idempotent does not run again, and the next prompt says so', async () => {
  const staged = stage(false, false);
  const { runs, start, eventsOf, until } = staged;
  const { first, session } = await begin(staged);
  await die(staged, first);
  const second = start('second', [[assistantMessage('I do not know.')]], true);
  await until(async () => (await endsOf(eventsOf(session))).length === 1);
  expect(await endsOf(eventsOf(session))).toMatchObject([
    { outcome: 'failed', error: { code: 'interrupted' } },
  ]);
  await second.post(`/message/${session}`, { content: 'Did you?' });
  await until(async () => (await endsOf(eventsOf(session))).length === 2);
  expect(runs).toEqual(['first']);
  expect(JSON.stringify(second.model.calls[0]?.request.input)).toMatch(/interrupted|cancelled/);
});

test('an idempotent tool runs again, in a second attempt', async () => {
  const staged = stage(true, false);
  const { runs, start, eventsOf, until } = staged;
  const { first, session } = await begin(staged);
  await die(staged, first);
  start('second', [[call], [assistantMessage('Paid.')]], true);
  await until(async () => (await endsOf(eventsOf(session))).length === 1);
  expect(await endsOf(eventsOf(session))).toMatchObject([{ outcome: 'completed' }]);
  expect(runs).toEqual(['first', 'second']);
});

test.each([
  [false, ['first'], 'failed'],
  [true, ['first', 'second'], 'completed'],
])('an approved tool (idempotent: %s)', async (isIdempotent, ran, outcome) => {
  const staged = stage(isIdempotent, true);
  const { runs, start, eventsOf, until } = staged;
  const { first, session } = await begin(staged);
  await until(async () => (await endsOf(eventsOf(session))).length === 1);
  const asked = (await eventsOf(session)).find((event) => event.type === 'approval_request');
  await first.post(`/answer/${session}`, { approval_id: asked?.approval, decision: true });
  await die(staged, first);
  start('second', [[assistantMessage('Paid.')]], true);
  await until(async () => (await endsOf(eventsOf(session))).length === 2);
  expect((await endsOf(eventsOf(session))).at(-1)).toMatchObject({ outcome });
  expect(runs).toEqual(ran);
});
