import { expect, test } from 'vitest';
import { AgentError } from '../protocol/index.ts';
import { agentOf, createSession, eventsOf, send, setUp, settled } from './engine.fixture.ts';

class Getters extends Error {
  override get message(): string {
    throw new Error('getter');
  }
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const named = (fields: object): Error =>
  Object.assign(new Error('x'), { name: 'AgentError', code: 'c' }, fields);

test.each<[string, () => unknown]>([
  ['a string', () => 'sorry'],
  ['nothing', () => undefined],
  ['null', () => null],
  ['0', () => 0],
  ['a symbol', () => Symbol('s')],
  ['an object without a prototype', () => Object.create(null)],
  [
    'an error that is its own cause',
    () =>
      Object.assign(new Error('a'), {
        get cause() {
          return this;
        },
      }),
  ],
  ['an error whose message throws', () => new Getters()],
  ['a revoked proxy', revoked],
  ['an AgentError whose message is an object', () => named({ message: { not: 'a text' } })],
  ['an AgentError whose code is a BigInt', () => named({ code: 1n })],
])('an agent that throws %s is run once, and its turn ends failed', async (_, make) => {
  let runs = 0;
  const told: unknown[] = [];
  const agent = agentOf(async function* () {
    runs += 1;
    yield 'words ';
    throw make();
  });
  const { store, engine } = setUp(agent, { onError: (error) => told.push(error) });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  const events = await settled(store, session, 1);
  expect(events.at(-1)).toMatchObject({ outcome: 'failed', error: { code: 'agent_failed' } });
  expect([runs, told.length]).toEqual([1, 1]);
});

test('the code and message of an AgentError are cut to a length that clients accept', async () => {
  const agent = agentOf(async function* () {
    yield 'words ';
    throw new AgentError('c'.repeat(2_000_000), 'm'.repeat(2_000_000));
  });
  const { store, engine } = setUp(agent);
  const session = await createSession(engine);
  await send(engine, session, 'go');
  await settled(store, session, 1);
  expect(JSON.stringify((await eventsOf(store, session)).at(-1)).length).toBeLessThan(3_000);
});

test('a snapshot that is too long is left out and reported, and the answer stays', async () => {
  const told: unknown[] = [];
  const agent = agentOf(async function* ({ save }) {
    save('x'.repeat(9 * 1024 * 1024));
    yield 'done';
  });
  const { store, engine } = setUp(agent, { onError: (error) => told.push(error) });
  const session = await createSession(engine);
  await send(engine, session, 'go');
  expect((await settled(store, session, 1)).at(-1)).toMatchObject({ outcome: 'completed' });
  expect(told).toMatchObject([{ message: expect.stringContaining('at most 8388608 are kept') as string }]);
});
