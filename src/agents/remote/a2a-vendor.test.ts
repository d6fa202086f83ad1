// The format `a2a` before a server of the vendor's package.
import { expect, test, vi } from 'vitest';
import { startA2aServer } from './a2a-vendor.fixture.ts';
import type { A2aWork } from './a2a-vendor.fixture.ts';
import { runRemote, textOfEvents } from './upstream.fixture.ts';
import type { RunRemote } from './upstream.fixture.ts';

const run = (url: string, options: RunRemote = {}) => runRemote(url, { format: 'a2a', ...options });

/** Returns the answer to the question that a turn ended with. */
function answerTo({ events, saved }: Awaited<ReturnType<typeof run>>, decision: unknown): RunRemote {
  const request = events.at(-1);
  if (typeof request === 'string' || request?.type !== 'approval_request') expect.fail('It did not ask.');
  return { snapshot: saved, answers: [{ approval: request.approval, reason: '', decision }] };
}

const wordsOf = ({ context }: A2aWork): unknown =>
  context.userMessage.parts.map(({ content }) => content?.value as unknown);

test.each(['1.0', '0.3'] as const)('an answer comes in pieces from a server of A2A %s', async (version) => {
  const work = ({ open, status, artifact }: A2aWork): void => {
    open();
    status('WORKING', 'Looking.');
    artifact('It is ');
    artifact('green.', { append: true });
    status('COMPLETED');
  };
  const { url, methods } = await startA2aServer(work, { version });
  const { events, error } = await run(url);
  expect(error).toBeUndefined();
  expect(events).toContainEqual(expect.objectContaining({ type: 'reasoning', data: 'Looking.' }));
  expect(textOfEvents(events)).toBe('It is green.');
  expect(methods).toEqual(
    version === '1.0' ? ['SendStreamingMessage'] : ['SendStreamingMessage', 'message/stream'],
  );
});

test.each(['INPUT_REQUIRED', 'AUTH_REQUIRED'])('a task that is %s goes on with the answer', async (state) => {
  const tasks: string[] = [];
  const said: unknown[] = [];
  const { url } = await startA2aServer((work) => {
    tasks.push(work.context.taskId);
    said.push(wordsOf(work));
    // The task of the second request still stands as it asked.
    work.open();
    if (work.count === 1) return work.status(state, 'Which colour?');
    work.artifact('Painted.');
    work.status('COMPLETED');
  });
  const asked = await run(url, { content: 'Paint' });
  expect(asked.events).toMatchObject([
    {
      type: 'approval_request',
      reason: { kind: state.toLowerCase().replace('_', '-'), message: 'Which colour?' },
    },
  ]);
  const { events, error } = await run(url, answerTo(asked, 'Blue'));
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Painted.');
  expect(tasks[1]).toBe(tasks[0]);
  expect(said).toEqual([['Paint'], ['Blue']]);
});

test('a task may ask by itself, with no update, and ask again by an update', async () => {
  const { url } = await startA2aServer(({ count, open, status }) => {
    open('INPUT_REQUIRED', { text: 'Which colour?' });
    if (count === 2) status('INPUT_REQUIRED', 'Which shade?');
    if (count === 3) status('COMPLETED', 'Painted.');
  });
  // The server keeps this stream open: nothing else comes.
  const asked = await run(url);
  expect(asked.events).toMatchObject([{ type: 'approval_request', reason: { message: 'Which colour?' } }]);
  const again = await run(url, answerTo(asked, 'Blue'));
  expect(again.events).toMatchObject([{ type: 'approval_request', reason: { message: 'Which shade?' } }]);
  expect(textOfEvents((await run(url, answerTo(again, 'Dark'))).events)).toBe('Painted.');
});

test.each([
  ['FAILED', 'upstream_failed'],
  ['REJECTED', 'upstream_refused'],
  ['CANCELED', 'upstream_failed'],
])('a task that ends as %s is %s', async (state, code) => {
  const { url } = await startA2aServer(({ open, status }) => {
    open();
    status(state, 'No paint.');
  });
  const { error } = await run(url);
  expect(error).toMatchObject({ code, cause: { message: expect.stringContaining('No paint.') } });
});

test('an agent that throws fails the turn', async () => {
  const { url } = await startA2aServer(() => Promise.reject(new Error('It broke.')));
  const { error } = await run(url);
  expect(error).toMatchObject({ code: 'upstream_failed' });
});

test('a cancel reaches the agent', async () => {
  const { url, cancelled } = await startA2aServer(({ open, artifact }) => {
    open();
    artifact('Well');
    return new Promise(() => {});
  });
  const stop = new AbortController();
  const { error } = await run(url, { signal: stop.signal, onEvent: () => stop.abort() });
  expect(error).toBeUndefined();
  await vi.waitFor(() => expect(cancelled).toEqual([expect.any(String)]));
});

const atOnce: Readonly<Record<string, (work: A2aWork) => void>> = {
  message: ({ message }) => message('Hello.'),
  task: ({ open }) =>
    open('COMPLETED', { artifacts: [{ artifactId: 'a1', parts: [{ text: 'Hel' }, { text: 'lo.' }] }] }),
};

test.each(Object.keys(atOnce))('a %s is a whole answer', async (kind) => {
  const { url } = await startA2aServer((work) => atOnce[kind]?.(work));
  const { events, error } = await run(url);
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Hello.');
});

test.each(['1.0', '0.3'] as const)('a server of A2A %s that does not stream answers', async (version) => {
  const work = ({ open, artifact, status }: A2aWork): void => {
    open();
    artifact('Hello.');
    status('COMPLETED');
  };
  const { url, methods } = await startA2aServer(work, { version, streaming: false });
  const { events, error } = await run(url);
  expect(error).toBeUndefined();
  expect(textOfEvents(events)).toBe('Hello.');
  expect(methods.at(-1)).toBe(version === '1.0' ? 'SendMessage' : 'message/send');
});

test('the next turn is in the same context, in a task of its own', async () => {
  const seen: [string, string][] = [];
  const { url } = await startA2aServer(({ context, open, status }) => {
    seen.push([context.contextId, context.taskId]);
    open();
    status('COMPLETED', 'Hello.');
  });
  const { saved } = await run(url);
  await run(url, { snapshot: saved, content: 'Go on' });
  const [first, second] = seen;
  expect(second?.[0]).toBe(first?.[0]);
  expect(second?.[1]).not.toBe(first?.[1]);
});

test('an answer to a task that is over fails, and is sent once', async () => {
  const { url, methods } = await startA2aServer(({ count, open, status }) => {
    open();
    status(count === 1 ? 'INPUT_REQUIRED' : 'COMPLETED');
  });
  const answer = answerTo(await run(url), 'Blue');
  await run(url, answer);
  const { error } = await run(url, answer);
  expect(error).toMatchObject({
    code: 'upstream_failed',
    cause: { message: expect.stringContaining('terminal state') },
  });
  expect(methods).toHaveLength(3);
});

test('an agent that breaks the order of events runs once', async () => {
  let runs = 0;
  const { url } = await startA2aServer(({ status }) => {
    runs += 1;
    status('COMPLETED', 'Hello.');
  });
  expect((await run(url)).error).toMatchObject({ code: 'upstream_failed' });
  expect(runs).toBe(1);
});
