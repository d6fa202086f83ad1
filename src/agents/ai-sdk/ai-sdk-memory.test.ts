import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageState } from '../../protocol/index.ts';
import { saidIn, sentIn } from '../kit/conversation.fixture.ts';
import { fieldsOf, listOf } from '../kit/index.ts';
import { runSaved, runTurn } from '../kit/run-turn.fixture.ts';
import { decodeBytes, encodeBytes } from './code-bytes.ts';
import { stageAgent, versions } from './staged-agent.fixture.ts';
import { toAiSdkPrompt } from './to-ai-sdk-messages.ts';

const anyValue = fc.anything({
  withBigInt: true,
  withTypedArray: false,
  values: [
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.webUrl().map((url) => new URL(url)),
    fc.record({ $heddle: fc.constantFrom('bytes', 'url', 'object', 'x'), data: fc.string() }),
  ],
});

test('each value comes through JSON as it was', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const coded = JSON.stringify(encodeBytes([value]));
      expect(decodeBytes(JSON.parse(coded))).toEqual([value]);
    }),
  );
});

test('parts of a buffer and dates are coded', () => {
  const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  const coded = JSON.stringify(encodeBytes([bytes, bytes.slice().buffer, new Date(0)]));
  expect(decodeBytes(JSON.parse(coded))).toEqual([
    new Uint8Array([2, 3]),
    new Uint8Array([2, 3]),
    '1970-01-01T00:00:00.000Z',
  ]);
});

test.each(['', 'https://a.test/x.png', 'not base64!'])('the data %j of a file is refused', (data) => {
  const content = [{ type: 'image', media_type: 'image/png', data }] as const;
  expect(() => toAiSdkPrompt(content)).toThrow(expect.objectContaining({ code: 'unsupported_content' }));
});

const history: readonly MessageState[] = [
  sentIn('t0', [
    { type: 'text', text: 'See' },
    { type: 'image', media_type: 'image/png', data: 'iVBO' },
  ]),
  saidIn('t0', [
    { type: 'text', part: 'p1', text: 'I look.', open: false },
    {
      type: 'tool',
      call: 'c1',
      tool: 'look',
      inputText: '',
      input: { a: 1 },
      output: { b: 2 },
      status: 'ok',
    },
    { type: 'tool', call: 'c1', tool: 'look', inputText: '', input: {}, output: 'no', status: 'error' },
    { type: 'text', part: 'p2', text: 'Green.', open: false },
  ]),
];

describe.each(versions)('version %i:', (version) => {
  const stage = (options: object = {}) =>
    stageAgent(version, {
      answers: [[{ reasoning: 'Hm.' }, { text: 'Hi.' }]],
      options,
    });
  const rolesOf = (prompt: unknown) => listOf(prompt).map((message) => fieldsOf(message)['role']);

  test('without a snapshot the conversation is that of the log', async () => {
    const { agent, model } = stage();
    await runTurn(agent, { history, content: 'And?' });
    expect(model.doStreamCalls[0]?.prompt).toMatchObject([
      { role: 'user', content: [{ text: 'See' }, { type: 'file', mediaType: 'image/png' }] },
      {
        role: 'assistant',
        content: [{ text: 'I look.' }, { toolCallId: 'c1', input: { a: 1 } }, { toolCallId: 'c1-2' }],
      },
      {
        role: 'tool',
        content: [
          { toolCallId: 'c1', output: { type: 'json', value: { b: 2 } } },
          { toolCallId: 'c1-2', output: { type: 'error-text', value: 'no' } },
        ],
      },
      { role: 'assistant', content: [{ text: 'Green.' }] },
      { role: 'user', content: [{ text: 'And?' }] },
    ]);
  });

  test('with a snapshot the conversation is that of the SDK, with its reasoning', async () => {
    const { saved } = await runSaved(stage().agent, { content: 'Hello' });
    const { agent, model } = stage();
    await runTurn(agent, { history, snapshot: saved, content: 'And?' });
    expect(rolesOf(model.doStreamCalls[0]?.prompt)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(model.doStreamCalls[0]?.prompt)).toContain('Hm.');
  });

  test('with `snapshots: false` nothing is saved, and nothing is read', async () => {
    const { saved } = await runSaved(stage().agent);
    const off = stage({ snapshots: false });
    const next = await runSaved(off.agent, { history, snapshot: saved, content: 'And?' });
    expect(next.saved).toBeUndefined();
    expect(rolesOf(off.model.doStreamCalls[0]?.prompt)).toHaveLength(5);
  });

  test('a failed or cancelled turn saves nothing', async () => {
    const cancel = new AbortController();
    const { saved } = await runSaved(stage().agent, {
      signal: cancel.signal,
      onEvent: ({ type }) => type === 'content' && cancel.abort(),
    });
    expect(saved).toBeUndefined();
  });
});
