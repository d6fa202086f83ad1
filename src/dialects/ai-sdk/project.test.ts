import { readUIMessageStream as read7 } from 'ai';
import type { UIMessageChunk } from 'ai';
import { readUIMessageStream as read5 } from 'ai5';
import { readUIMessageStream as read6 } from 'ai6';
import { describe, expect, test } from 'vitest';
import { emptyState, foldEntries } from '../../protocol/index.ts';
import type { Entry, SessionEvent } from '../../protocol/index.ts';
import type { Exchange } from '../exchange.ts';
import type { AiSdkVersion } from './chunk.ts';
import { project } from './project.ts';
import { richLog, toLog } from './rich-log.fixture.ts';
import { toUiMessages } from './to-ui-messages.ts';

const readers = { 5: read5, 6: read6, 7: read7 } as unknown as Record<AiSdkVersion, typeof read7>;
const versions = [5, 6, 7] as const;

const first = { session: 's1', message: 'm1', turn: 't1', from: undefined };

/** Projects an exchange; without the terminal `[DONE]`. */
function toChunks(exchange: Partial<Exchange>, log: readonly Entry[] = richLog): readonly UIMessageChunk[] {
  const projection = project({ ...first, ...exchange });
  return log
    .flatMap((entry) => projection.project(entry))
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as UIMessageChunk);
}

/** Returns the message that a client of a version has after the chunks, and the error that it shows. */
async function play(
  version: AiSdkVersion,
  chunks: readonly UIMessageChunk[],
  message?: object,
): Promise<{ readonly message: object; readonly error?: string }> {
  let last: object = message ?? {};
  let error: string | undefined;
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const messages = readers[version]({
    stream,
    ...(message && { message: structuredClone(message) as never }),
    onError: (problem) => (error ??= problem instanceof Error ? problem.message : String(problem)),
  });
  for await (const each of messages) last = each;
  return { message: toPlain(last), ...(error !== undefined && { error }) };
}

/** Leaves out what JSON has not. A stream of version 6 has no word for the answer to an approval. */
function toPlain<Value>(value: Value, version: AiSdkVersion = 7): Value {
  const text = JSON.stringify(value, (name, each: unknown) =>
    version === 6 && name === 'approval' ? Object(each).id : each,
  );
  return JSON.parse(text) as Value;
}

function load(version: AiSdkVersion, log: readonly Entry[] = richLog): readonly { readonly id: string }[] {
  return toPlain(toUiMessages(foldEntries(emptyState('s1'), log), version));
}

const find = (messages: readonly { readonly id: string }[], id: string): object | undefined =>
  messages.find((each) => each.id === id);

describe.each(versions)('version %i', (version) => {
  const variant = String(version);

  test.each([
    ['m1', 't3', 'completed'],
    ['m4', 't5', 'cancelled'],
    ['m5', 't6', 'waiting'],
  ])('the stream of %s shows what a page loads', async (message, turn) => {
    // A page that resumes gets no text that is not valid any more.
    const withdrawn = new Set(['t5:p1', 't5:p3']);
    const log = message === 'm5' ? richLog.slice(0, -1) : richLog;
    const kept = log.filter(({ event }) => event.type !== 'replace' && !isReplaced(event));
    const chunks = toChunks({ message, turn, whole: true, variant, withdrawn }, kept);
    const streamed = await play(version, chunks);
    expect(streamed.error).toBeUndefined();
    const loaded = find(load(version, kept), `a_${message}`);
    expect(toPlain(streamed.message, version)).toEqual(toPlain(loaded, version));
  });

  test('a page that answers approvals shows the same after the turn that goes on', async () => {
    const asked = await play(version, toChunks({ variant }));
    const rest = toChunks({ turn: 't3', variant });
    expect(rest[0]).toMatchObject({ type: 'start', messageId: 'a_m1' });
    const { message, error } = await play(version, rest, asked.message);
    expect(error).toBeUndefined();
    expect(toPlain(message, version)).toEqual(toPlain(find(load(version), 'a_m1'), version));
  });

  test('the turn that goes on has the same frames, whether the turns before it are shown or not', () => {
    const whole = toChunks({ turn: 't3', variant, whole: true });
    const rest = toChunks({ turn: 't3', variant });
    expect(rest.length).toBeGreaterThan(5);
    expect(whole.slice(-rest.length)).toEqual(rest);
  });

  test('a failure is an error with its sentence, and finishes', async () => {
    const chunks = toChunks({ message: 'm3', turn: 't4', variant });
    expect(await play(version, chunks)).toMatchObject({ error: 'The agent failed.' });
    expect(chunks.slice(-2)).toMatchObject([{ type: 'error' }, { type: 'finish', finishReason: 'error' }]);
  });

  test('a message that is taken back finishes', () => {
    expect(toChunks({ message: 'm2', turn: 't2', variant })).toMatchObject([
      { type: 'start', messageId: 'a_m2' },
      { type: 'abort' },
      { type: 'finish', finishReason: 'other' },
    ]);
  });

  test('an approval that was closed finishes the turn that would have gone on', () => {
    expect(toChunks({ message: 'm5', turn: 't7', variant }).slice(-2)).toMatchObject([
      { type: 'abort' },
      { type: 'finish', finishReason: 'other' },
    ]);
  });
});

function isReplaced(event: SessionEvent): boolean {
  return event.type === 'content' && event.data === 'A secret';
}

test('version 7 takes text back: a step begins again without it', async () => {
  const chunks = toChunks({ message: 'm4', turn: 't5', variant: '7' });
  expect(chunks.filter(({ type }) => type === 'reset-step')).toHaveLength(3);
  const { message } = await play(7, chunks);
  expect(message).toEqual(find(load(7), 'a_m4'));
});

test('version 7 learns of text in earlier steps as data', () => {
  const turn = 't1';
  const log = toLog([
    { type: 'message', message: 'm1', turn, content: 'Hi', at: 0 },
    { type: 'content_start', turn, part: 'p1' },
    { type: 'content', turn, part: 'p1', data: 'One' },
    { type: 'content_end', turn, part: 'p1' },
    { type: 'tool_use_start', turn, call: 'c1', tool: 'look' },
    { type: 'tool_use', turn, call: 'c1', tool: 'look', input: {} },
    { type: 'tool_result', turn, call: 'c1', output: 1, status: 'ok' },
    { type: 'content_start', turn, part: 'p2' },
    { type: 'content', turn, part: 'p2', data: 'Two' },
    { type: 'discard', turn, parts: ['p1', 'p2'] },
    { type: 'replace', turn, part: 'p1', data: '' },
  ]);
  expect(toChunks({ variant: '7' }, log).slice(-3)).toEqual([
    { type: 'reset-step' },
    { type: 'data-discard', data: { parts: ['t1:p1'] } },
    { type: 'data-replace', data: { part: 't1:p1', text: '', length: 3 } },
  ]);
});

describe('approvals', () => {
  const turn = 't1';
  const ask = (...events: readonly SessionEvent[]): readonly Entry[] =>
    toLog([
      { type: 'message', message: 'm1', turn, content: 'Pay', at: 0 },
      { type: 'message_start', message: 'm1', turn, attempt: 1, at: 0 },
      { type: 'tool_use_start', turn, call: 'c1', tool: 'pay' },
      { type: 'tool_use', turn, call: 'c1', tool: 'pay', input: { sum: 5 } },
      ...events,
    ]);
  const request = (approval: string, of = turn): SessionEvent => ({
    type: 'approval_request',
    turn: of,
    approval,
    call: 'c1',
    reason: approval,
  });
  const partsOf = async (log: readonly Entry[], exchange: Partial<Exchange>): Promise<readonly unknown[]> =>
    Object((await play(7, toChunks({ variant: '7', whole: true, ...exchange }, log))).message).parts;

  test('words after a call that waits stay in its step, where the SDK looks for answers', async () => {
    const log = ask(
      request('a1'),
      { type: 'content_start', turn, part: 'p1' },
      { type: 'content_end', turn, part: 'p1' },
    );
    expect(await partsOf(log, {})).toMatchObject([
      { type: 'step-start' },
      { toolCallId: 'c1', state: 'approval-requested' },
      { type: 'text' },
    ]);
  });

  test('a call that asks twice has a part for each approval', async () => {
    expect(await partsOf(ask(request('a1'), request('a2')), {})).toMatchObject([
      { type: 'step-start' },
      { toolCallId: 'c1', approval: { id: 'a1' } },
      { toolCallId: 't1:c1', approval: { id: 'a2' }, input: { sum: 5 } },
    ]);
  });

  test('a call that asks again in the next turn asks in a new step', async () => {
    const log = ask(
      request('a1'),
      { type: 'message_end', turn, outcome: 'waiting' },
      { type: 'approval_answer', turn: 't2', approval: 'a1', status: 'answered', decision: true },
      { type: 'message_start', message: 'm1', turn: 't2', attempt: 1, at: 0, resumes: turn },
      { type: 'tool_use_start', turn: 't2', call: 'c1', tool: 'pay' },
      { type: 'tool_use', turn: 't2', call: 'c1', tool: 'pay', input: { sum: 5 } },
      request('a2', 't2'),
      { type: 'message_end', turn: 't2', outcome: 'waiting' },
    );
    const asked = await partsOf(log, { turn: 't2' });
    expect(asked).toMatchObject([
      { type: 'step-start' },
      { toolCallId: 'c1', state: 'output-available', approval: { id: 'a1', approved: true } },
      { type: 'step-start' },
      { toolCallId: 't2:c1', state: 'approval-requested', approval: { id: 'a2' } },
    ]);
    expect(Object(find(load(7, log), 'a_m1')).parts).toEqual(asked);
  });

  test('an attempt that begins again does not ask any more', async () => {
    const log = ask(request('a1'), { type: 'message_start', message: 'm1', turn, attempt: 2, at: 0 });
    expect(await partsOf(log, {})).toMatchObject([{ type: 'step-start' }, { state: 'output-error' }]);
  });
});

test('a principal that ends is told as an error, and a forgotten answer finishes', () => {
  const { announce } = project(first);
  expect(announce({ type: 'auth_expired' })).toEqual([
    { data: '{"type":"error","errorText":"You are not signed in any more."}' },
  ]);
  expect(announce({ type: 'resync', reason: 'trimmed' }).at(-1)).toEqual({ data: '[DONE]' });
  expect(announce({ type: 'drain' })).toEqual([]);
});
