import { expect, test } from 'vitest';
import type { Turn } from '../../protocol/index.ts';
import { toAbilities } from './abilities.ts';
import type { AcpWorker } from './create-acp-worker.ts';
import { createConversations } from './create-conversations.ts';

/** A process that has sessions `a1`, `a2` …, and the requests that it got. Without a prefix it names none. */
function setUp(sessionCapabilities: object, prefix = 'a') {
  const got: (readonly [string, unknown])[] = [];
  let count = 0;
  const worker: AcpWorker = {
    room: Infinity,
    load: 0,
    isAble: true,
    abilities: toAbilities({ agentCapabilities: { sessionCapabilities } }),
    close: () => {},
    async request(method, params) {
      got.push([method, params]);
      return { sessionId: prefix === '' ? undefined : `${prefix}${++count}` };
    },
    prompt: () => expect.fail('No prompt was sent.'),
  };
  const conversations = createConversations({
    pool: { start: async () => {}, begin: async (use) => use(worker), close: async () => {} },
    toFolder: async ({ session }) => `/sandbox/${session}`,
  });
  return { conversations, got };
}

const turn = (signal = new AbortController().signal): Turn => ({
  turn: 't',
  attempt: 1,
  input: { type: 'message', content: 'Hi' },
  signal,
  history: () => [],
  save: () => {},
});
const open = (name: string) => ({ session: name, owner: 'ada' });

test.each([
  [{ close: {} }, [['session/close', { sessionId: 'a1' }]]],
  [{}, []],
])('an agent with %j keeps the last 100 conversations', async (capabilities, closed) => {
  const { conversations, got } = setUp(capabilities);
  for (let count = 0; count < 101; count++) await conversations.open(open(`s${count}`), turn());
  expect(got.filter(([method]) => method !== 'session/new')).toEqual(closed);
  expect(got[0]).toEqual(['session/new', { cwd: '/sandbox/s0', mcpServers: [] }]);
});

test('a conversation that opens after the end of its turn is not kept', async () => {
  const { conversations, got } = setUp({});
  expect(await conversations.open(open('s'), turn(AbortSignal.abort()))).toBeUndefined();
  const kept = await conversations.open(open('s'), turn());
  expect(kept).toMatchObject({ id: 'a2', isTold: false });
  expect(got).toHaveLength(2);
});

test('an agent that names no session fails the turn', async () => {
  const { conversations } = setUp({}, '');
  await expect(conversations.open(open('s'), turn())).rejects.toThrow('without a sessionId');
  expect(conversations.findWaiting(open('s'), 't')).toBeUndefined();
});
