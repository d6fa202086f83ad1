import { Agent } from '@strands-agents/sdk';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentMessage, MessageState, PartState, ToolPart } from '../../protocol/index.ts';
import { saidIn, sentIn } from '../kit/conversation.fixture.ts';
import { strands } from './index.ts';
import { runTurn } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';
import { toStrandsMessages } from './to-strands-messages.ts';

const text = (said: string, agent?: readonly string[]): PartState => ({
  type: 'text',
  part: 'p',
  text: said,
  open: false,
  ...(agent && { agent }),
});

const tool = (call: string, rest: Partial<ToolPart> = {}): ToolPart => ({
  type: 'tool',
  call,
  tool: 'add',
  inputText: '{}',
  input: { a: 1 },
  status: 'ok',
  output: '3',
  ...rest,
});

const toolUse = (toolUseId: string, input = { a: 1 }) => ({ toolUse: { name: 'add', toolUseId, input } });
const toolResult = (toolUseId: string, said: string, status = 'success') => ({
  toolResult: { toolUseId, status, content: [{ text: said }] },
});

const bytes = (data: string) => ({ bytes: new TextEncoder().encode(data) });

test('a conversation with a tool call becomes alternating messages with the result right after the call', () => {
  const history = [sentIn('t1', 'Add'), saidIn('t1', [text('Adding.'), tool('c1'), text('3.')])];
  expect(toStrandsMessages(history)).toEqual([
    { role: 'user', content: [{ text: 'Add' }] },
    { role: 'assistant', content: [{ text: 'Adding.' }, toolUse('c1')] },
    { role: 'user', content: [toolResult('c1', '3')] },
    { role: 'assistant', content: [{ text: '3.' }] },
  ]);
});

test('a call without a result gets one', () => {
  const parts = [
    tool('c1', { status: 'running', output: undefined }),
    tool('c2', { status: 'cancelled', output: null }),
    tool('c3', { status: 'input', input: undefined, inputText: '{"a' }),
  ];
  expect(toStrandsMessages([sentIn('t1', 'x'), saidIn('t1', parts, 'cancelled')]).slice(1)).toEqual([
    { role: 'assistant', content: [toolUse('c1'), toolUse('c2')] },
    {
      role: 'user',
      content: [
        toolResult('c1', 'The call was interrupted. Whether it took effect is not known.', 'error'),
        toolResult('c2', 'The call was cancelled.', 'error'),
      ],
    },
  ]);
});

test('cancelled text stays, and a turn that failed with nothing said is left out with its message', () => {
  const history = [
    sentIn('t1', 'One'),
    saidIn('t1', [text('Half an ans')], 'cancelled'),
    sentIn('t2', 'Poison'),
    saidIn('t2', [], 'failed'),
    sentIn('t3', 'Two'),
    saidIn('t3', [], 'cancelled'),
    sentIn('t4', 'Three'),
  ];
  expect(toStrandsMessages(history)).toEqual([
    { role: 'user', content: [{ text: 'One' }] },
    { role: 'assistant', content: [{ text: 'Half an ans' }] },
    { role: 'user', content: [{ text: 'Two' }, { text: 'Three' }] },
  ]);
});

test('inner agents are left out if the outer one spoke, and replace it if it did not', () => {
  const inner = text('inner', ['node']);
  expect(toStrandsMessages([sentIn('t1', 'x'), saidIn('t1', [inner, text('outer')])])[1]?.content).toEqual([
    { text: 'outer' },
  ]);
  expect(toStrandsMessages([sentIn('t1', 'x'), saidIn('t1', [inner])])[1]?.content).toEqual([
    { text: 'inner' },
  ]);
});

test('a message that a guardrail redacted stays redacted', () => {
  const redaction = { type: 'custom', name: 'input_redaction', data: '[removed]' } as const;
  const [message] = toStrandsMessages([sentIn('t1', 'bad words'), saidIn('t1', [redaction, text('No.')])]);
  expect(message?.content).toEqual([{ text: '[removed]' }]);
});

test('images and files become blocks, and an unsupported one fails only its own turn', async () => {
  const image = { type: 'image', media_type: 'image/png', data: btoa('png') } as const;
  const file = { type: 'file', media_type: 'application/pdf', data: btoa('pdf'), name: 'a_b.pdf' } as const;
  const odd = { type: 'file', media_type: 'application/x-odd', data: '', name: 'x' } as const;
  expect(toStrandsMessages([sentIn('t1', [image, file]), saidIn('t1', [text('ok')])])[0]?.content).toEqual([
    { image: { format: 'png', source: bytes('png') } },
    { document: { name: 'a-b-pdf', format: 'pdf', source: bytes('pdf') } },
  ]);
  const agent = strands(() => new Agent({ model: new ScriptedModel([{ text: 'ok' }]), printer: false }));
  await expect(runTurn(agent, { content: [odd] })).rejects.toMatchObject({ code: 'unsupported_content' });
  await runTurn(agent, { content: 'hi', history: [sentIn('t1', [odd]), saidIn('t1', [text('ok')])] });
});

test('the model of a new agent gets the seed messages, then the history, then the new message', async () => {
  const model = new ScriptedModel([{ text: 'ok' }]);
  const seed = { role: 'user' as const, content: [{ text: 'Seed' }] };
  const reply = { role: 'assistant' as const, content: [{ text: 'Noted' }] };
  const agent = strands(() => new Agent({ model, messages: [seed, reply], printer: false }));
  const history = [sentIn('t1', 'Add'), saidIn('t1', [tool('c1'), text('3.')])];
  await runTurn(agent, { history, content: 'And again' });
  expect(model.calls).toEqual([
    [
      seed,
      reply,
      { role: 'user', content: [{ text: 'Add' }] },
      { role: 'assistant', content: [toolUse('c1')] },
      { role: 'user', content: [toolResult('c1', '3')] },
      { role: 'assistant', content: [{ text: '3.' }] },
      { role: 'user', content: [{ text: 'And again' }] },
    ],
  ]);
});

test('a call that waited for an approval appears once, in the turn where it ended', () => {
  const asked = saidIn(
    't0',
    [text('Let me.'), tool('c0'), tool('c1', { status: 'cancelled', output: null })],
    'waiting',
  );
  const resumed = { ...saidIn('t1', [tool('c1', { output: 'paid' }), text('Done.')]), resumes: 't0' };
  expect(toStrandsMessages([sentIn('t0', 'Pay'), asked, resumed])).toEqual([
    { role: 'user', content: [{ text: 'Pay' }] },
    { role: 'assistant', content: [{ text: 'Let me.' }, toolUse('c0')] },
    { role: 'user', content: [toolResult('c0', '3')] },
    { role: 'assistant', content: [toolUse('c1')] },
    { role: 'user', content: [toolResult('c1', 'paid')] },
    { role: 'assistant', content: [{ text: 'Done.' }] },
  ]);
});

test('a guardrail after a tool removes the result of the tool, not the question', () => {
  const redaction: PartState = { type: 'custom', name: 'input_redaction', data: '[blocked]' };
  const history = [
    sentIn('t0', 'Read it'),
    saidIn('t0', [tool('c0', { output: 'secret' }), text('No.'), redaction]),
  ];
  expect(toStrandsMessages(history)).toEqual([
    { role: 'user', content: [{ text: 'Read it' }] },
    { role: 'assistant', content: [toolUse('c0')] },
    { role: 'user', content: [toolResult('c0', '[blocked]')] },
    { role: 'assistant', content: [{ text: 'No.' }] },
  ]);
});

const anyPart: fc.Arbitrary<PartState> = fc.oneof(
  fc.string().map((said) => text(said)),
  fc.string().map((said) => text(said, ['inner'])),
  fc
    .record({
      call: fc.constantFrom('a', 'b', 'c d', ''),
      status: fc.constantFrom('input', 'running', 'ok', 'error', 'cancelled'),
      output: fc.jsonValue(),
    })
    .map(({ call, ...rest }) => tool(call, rest)),
  fc.constant<PartState>({ type: 'approval', approval: 'x', reason: '' }),
);

const anyHistory: fc.Arbitrary<readonly MessageState[]> = fc
  .array(
    fc.tuple(
      fc.boolean(),
      fc.string(),
      fc.array(anyPart),
      fc.constantFrom('completed', 'cancelled', 'failed'),
    ),
  )
  .map((turns) =>
    turns.flatMap(([isAsked, said, parts, outcome], index) => [
      ...(isAsked ? [sentIn(`t${index}`, said)] : []),
      saidIn(`t${index}`, parts, outcome as AgentMessage['outcome']),
    ]),
  );

test('any history becomes messages that providers accept', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const messages = toStrandsMessages(history);
      const used: string[] = [];
      for (const [index, { role, content }] of messages.entries()) {
        expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant');
        expect(content).not.toEqual([]);
        const uses = content.flatMap((block) => ('toolUse' in block ? [block.toolUse.toolUseId] : []));
        const results = (messages[index + 1]?.content ?? []).flatMap((block) =>
          'toolResult' in block ? [block.toolResult.toolUseId] : [],
        );
        if (role === 'assistant') expect(results).toEqual(uses);
        used.push(...uses);
        for (const block of content) if ('text' in block) expect(block.text.trim()).not.toBe('');
      }
      expect(new Set(used).size).toBe(used.length);
      for (const id of used) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    }),
  );
});
