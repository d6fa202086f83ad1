import { expect, test, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import type { MessageState, SessionEvent } from '../protocol/index.ts';
import { createTranscripts } from '../transcripts/index.ts';
import { agentOf, send, setUp } from './engine.fixture.ts';

const session = 's';

/** Creates a session of some turns, and its checkpoint. */
async function createLong(turns: number): Promise<Store> {
  const store = memoryStore();
  const head = { owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] } as const;
  await store.log.append(session, [{ type: 'session_start', session }], { head: { was: 0, now: head } });
  await store.log.append(session, Array.from({ length: turns }, (_, turn) => toTurn(turn)).flat());
  const transcripts = createTranscripts({ store, onError: () => {} });
  const found = await transcripts.read(session);
  if (found !== undefined) await transcripts.keep(session, found);
  return store;
}

function toTurn(number: number): readonly SessionEvent[] {
  const [message, turn, at] = [`m${number}`, `t${number}`, number];
  return [
    { type: 'message', message, turn, content: `say ${number}`, at },
    { type: 'message_start', message, turn, attempt: 1, at },
    { type: 'content_start', turn, part: 'p1' },
    { type: 'content', turn, part: 'p1', data: 'words' },
    { type: 'content_end', turn, part: 'p1' },
    { type: 'message_end', turn, outcome: 'completed' },
  ];
}

test('an edit of a message before the window of its agent leaves all messages after it', async () => {
  const store = await createLong(100);
  const histories: (readonly MessageState[])[] = [];
  const agent = agentOf(
    async function* ({ history }) {
      histories.push(history());
      yield 'words';
    },
    { history: 4 },
  );
  const { engine } = setUp(agent, { store });
  await send(engine, session, 'say it again', { replaces: 'm10' });
  await vi.waitFor(() => expect(histories).toHaveLength(1));
  expect(histories[0]?.map(({ message }) => message)).toEqual(['m8', 'm8', 'm9', 'm9']);
});
