// The frames of a log in TanStack AI's client, without a server.
import { ChatClient, fetchServerSentEvents } from '@tanstack/ai-client';
import { expect, test, vi } from 'vitest';
import { toAgUiHistory } from '../../src/dialects/ag-ui/to-ag-ui-history.ts';
import { toTanStackMessages } from '../../src/dialects/ag-ui/to-tan-stack-messages.ts';
import { exchangeOf, framesOf, named, richLog, session } from '../../src/dialects/ag-ui/rich-log.fixture.ts';
import { emptyState, foldEntries } from '../../src/protocol/index.ts';

// Clients keep what is withdrawn or replaced until they load the conversation again. So nothing is, here.
const second = richLog.findIndex(({ event }) => event.type === 'message_start' && event.attempt === 2);
const log = richLog.filter(
  ({ event }, index) =>
    (index < 3 || index > second) &&
    event.type !== 'replace' &&
    (event.type !== 'message' || event.ref !== undefined),
);

function toStream(turn: string): Response {
  const frames = framesOf(exchangeOf(named(turn), { variant: '0' }), log);
  const lines = frames.flatMap((entry) =>
    entry.frames.map((data, index) => `id: ${entry.id}.${index}\ndata: ${data}\n\n`),
  );
  return new Response(lines.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

/** Leaves out what the client makes up, and the names that it gives to reasoning. */
function toBare(messages: readonly object[]): unknown {
  return messages.map((message) => {
    const { id, role, parts } = message as { id: string; role: string; parts: readonly { type: string }[] };
    return {
      role,
      ...(role === 'assistant' && { id }),
      parts: parts.map((part) => (part.type === 'thinking' ? { ...part, stepId: undefined } : part)),
    };
  });
}

function hydrated(until: string): unknown {
  const end = log.findIndex(({ event }) => event.type === 'message_end' && event.turn === named(until));
  const state = foldEntries(emptyState(session), log.slice(0, end + 1));
  return toBare(toTanStackMessages(toAgUiHistory(state, { hasSubagents: false }).rows));
}

test('a streamed conversation has the messages that a hydration gives, before and after its approvals', async () => {
  const resumes: unknown[] = [];
  let turn = 'asks';
  const client = new ChatClient({
    threadId: 'room',
    connection: fetchServerSentEvents('http://localhost/agui', {
      fetchClient: (_url, init) => {
        const body = JSON.parse(String(init?.body)) as { resume?: unknown };
        resumes.push(body.resume);
        return Promise.resolve(toStream(turn));
      },
    }),
  });
  await client.sendMessage('Find it out.');
  expect(toBare(client.getMessages())).toEqual(hydrated('asks'));
  expect(client.getInterrupts().map(({ id }) => id)).toEqual(['a1', 'a2', 'a3']);

  turn = 'goesOn';
  for (const id of ['a1', 'a2', 'a3']) await client.addToolApprovalResponse({ id, approved: id === 'a1' });
  await vi.waitFor(() => expect(client.getInterrupts()).toEqual([]));
  await vi.waitFor(() => expect(client.getStatus()).toBe('ready'));
  expect(resumes).toEqual([
    undefined,
    [
      { interruptId: 'a1', status: 'resolved', payload: { approved: true } },
      { interruptId: 'a2', status: 'resolved', payload: { approved: false } },
      { interruptId: 'a3', status: 'resolved', payload: { approved: false } },
    ],
  ]);
  expect(toBare(client.getMessages())).toEqual(hydrated('goesOn'));
});
