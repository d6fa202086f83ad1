import { afterEach, expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import { emptyState, fold, isSessionEvent } from '../protocol/index.ts';
import type { AgentEvent, SessionState, StreamEvent, Turn } from '../protocol/index.ts';
import type { Server, ServerOptions } from './index.ts';
import { ask, createTestServer, field, readFrames } from './server.fixture.ts';

let server: Server;
afterEach(() => server.close(0));

async function* pays({ input }: Turn): AsyncGenerator<AgentEvent> {
  if (input.type === 'message') yield { type: 'approval_request', approval: 'a1', reason: 'pay 7?' };
  else yield `decided ${JSON.stringify(input.answers[0]?.decision)}`;
}

async function* echo({ input }: Turn): AsyncGenerator<AgentEvent> {
  yield `You said ${JSON.stringify(input.content)}`;
}

function setUp(
  answer: (turn: Turn) => AsyncIterable<AgentEvent>,
  options: Partial<ServerOptions> = {},
): Promise<string> {
  server = createTestServer(answer, options);
  return ask(server, 'POST', '/session').then((response) => field(response, 'session_id'));
}

const send = (session: string, body: object) => ask(server, 'POST', `/message/${session}`, { json: body });
const decide = (session: string, body: object) => ask(server, 'POST', `/answer/${session}`, { json: body });
const isEnd = ({ data }: { data: string }): boolean => data.includes('"message_end"');
const stateOf = async (session: string): Promise<SessionState> =>
  (await ask(server, 'GET', `/session/${session}`)).json() as Promise<SessionState>;

test('an approval is in the state and in the list, is answered once, and the conversation continues', async () => {
  const session = await setUp(pays);
  await send(session, { content: 'pay' });
  const frames = await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  expect((await stateOf(session)).approvals).toMatchObject([{ approval: 'a1', reason: 'pay 7?' }]);
  expect(await (await ask(server, 'GET', '/sessions')).json()).toMatchObject({
    sessions: [{ approvals: 1 }],
  });
  expect((await decide(session, { approval_id: 'a1' })).status).toBe(400);
  expect((await decide(session, { approval_id: 'a2', decision: true })).status).toBe(409);
  expect((await decide(session, { approval_id: 'a1', decision: { yes: 1 } })).status).toBe(202);
  expect((await decide(session, { approval_id: 'a1', decision: { yes: 1 } })).status).toBe(409);
  const rest = await readFrames(
    await ask(server, 'GET', `/stream/${session}?after=${frames.at(-1)?.id}`),
    isEnd,
  );
  expect(rest.map(({ data }) => (JSON.parse(data) as { type: string }).type)).toEqual([
    'approval_answer',
    'message_start',
    'content_start',
    'content',
    'content_end',
    'message_end',
  ]);
  expect(rest[3]?.data).toContain('decided {\\"yes\\":1}');
});

test.each(['named', 'typed'])(
  'a one-shot stream in dialect %s stays open while its turn waits, and ends with the turn that resumes',
  async (dialect) => {
    await setUp(pays);
    const response = await ask(server, 'POST', `/stream?dialect=${dialect}`, { json: { prompt: 'pay' } });
    const reader = response.body?.getReader();
    let text = '';
    const until = async (what: RegExp): Promise<RegExpMatchArray> => {
      for (;;) {
        const match = text.match(what);
        if (match) return match;
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) throw new Error(`The stream ended: ${text}`);
        text += new TextDecoder().decode(value);
      }
    };
    const session = (await until(/^id: [^.\n]+\.(\S+)$/m))[1] ?? '';
    await expect.poll(async () => (await stateOf(session)).approvals.length).toBe(1);
    expect((await decide(session, { approval_id: 'a1', decision: true })).status).toBe(202);
    await until(dialect === 'named' ? /event: end/ : /"type":"end"/);
    expect(text).toContain('decided true');
    const last = [...text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';
    const again = await ask(server, 'POST', `/stream?dialect=${dialect}`, {
      json: { prompt: 'pay' },
      headers: { 'last-event-id': last },
    });
    expect(again.status).toBe(204);
  },
);

test.each(['named', 'typed'])(
  'a one-shot stream in dialect %s ends when its approvals expire',
  async (dialect) => {
    await setUp(pays, { approvalMs: 30 });
    const frames = await readFrames(
      await ask(server, 'POST', `/stream?dialect=${dialect}`, { json: { prompt: 'pay' } }),
    );
    expect(frames.at(-1)).toMatchObject(dialect === 'named' ? { event: 'end' } : { data: '{"type":"end"}' });
    const headers = { 'last-event-id': frames.at(-1)?.id ?? '' };
    expect(
      (await ask(server, 'POST', `/stream?dialect=${dialect}`, { json: { prompt: 'pay' }, headers })).status,
    ).toBe(204);
  },
);

test('a reader may begin with the state, and gets the same result as one that saw every event', async () => {
  const session = await setUp(echo);
  for (const content of ['a', 'b']) {
    await send(session, { content });
    await expect
      .poll(async () => (await stateOf(session)).messages.at(-1))
      .toMatchObject({ outcome: 'completed' });
  }
  await send(session, { content: 'c' });
  const frames = await readFrames(await ask(server, 'GET', `/stream/${session}?from=state`), isEnd);
  const first = JSON.parse(frames[0]?.data ?? '') as StreamEvent & { type: 'resync' };
  expect(first).toMatchObject({ type: 'resync', reason: 'requested' });
  let state = first.state ?? emptyState(session);
  for (const { id, data } of frames.slice(1)) {
    const event: unknown = JSON.parse(data);
    if (isSessionEvent(event)) state = fold(state, { id, event });
  }
  expect(state).toEqual(await stateOf(session));
  expect((await ask(server, 'GET', `/stream/${session}?from=nowhere`)).status).toBe(400);
});

test('a reader of a trimmed log gets the state that replaces its start', async () => {
  const store = memoryStore();
  const session = await setUp(echo, { store });
  await send(session, { content: 'a' });
  const seen = await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  const state = await stateOf(session);
  await store.log.trim(session, seen.at(-1)?.id ?? '', state);
  await send(session, { content: 'b' });
  const frames = await readFrames(await ask(server, 'GET', `/stream/${session}`), isEnd);
  expect(JSON.parse(frames[0]?.data ?? '')).toMatchObject({ type: 'resync', reason: 'trimmed', state });
  expect(frames[1]?.data).toContain('"type":"message"');
});

test('a message may replace an earlier message in force, and no other', async () => {
  const session = await setUp(echo);
  const first = await field(await send(session, { content: 'a' }), 'message_id');
  await expect
    .poll(async () => (await stateOf(session)).messages.at(-1))
    .toMatchObject({ outcome: 'completed' });
  expect((await send(session, { content: 'b', replaces: 'nothing' })).status).toBe(400);
  expect((await send(session, { content: 'b', replaces: first })).status).toBe(202);
  await expect
    .poll(async () => (await stateOf(session)).messages.map(({ role }) => role))
    .toEqual(['user', 'agent']);
  expect((await stateOf(session)).messages[0]).toMatchObject({ content: 'b', replaces: first });
});

test('a repeated edit with the same key gets the same response, although the replaced message is no longer in force', async () => {
  const session = await setUp(echo);
  const first = await field(await send(session, { content: 'a' }), 'message_id');
  await expect
    .poll(async () => (await stateOf(session)).messages.at(-1))
    .toMatchObject({ outcome: 'completed' });
  const edit = async () =>
    ask(server, 'POST', `/message/${session}`, {
      json: { content: 'b', replaces: first },
      headers: { 'idempotency-key': 'k' },
    });
  const edited = await (await edit()).json();
  await expect.poll(async () => (await stateOf(session)).messages[0]).toMatchObject({ content: 'b' });
  const again = await edit();
  expect([again.status, await again.json()]).toEqual([202, edited]);
});
