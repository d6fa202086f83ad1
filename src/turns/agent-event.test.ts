import { expect, test } from 'vitest';
import { checkEvent } from './agent-event.ts';

function check(value: unknown): { readonly event: unknown; readonly problems: readonly string[] } {
  const problems: string[] = [];
  return { event: checkEvent(value, (problem) => problems.push(problem)), problems };
}

test('a string is a content event', () => {
  expect(check('hello').event).toEqual({ type: 'content', data: 'hello' });
});

test.each<[unknown, string]>([
  [undefined, 'The agent yielded nothing (undefined): it must be a text or an event with a "type".'],
  [42, 'The agent yielded the number 42: it must be'],
  [['a'], 'The agent yielded a list of 1: it must be'],
  [() => 'x', 'The agent yielded a function: it must be'],
  [{ type: 'message_end', outcome: 'completed' }, 'an event of unknown type: the text "message_end"'],
  [{ type: 'text-delta', textDelta: 'x' }, 'an event of unknown type: the text "text-delta"'],
  [{ text: 'x' }, 'an event of unknown type: nothing (undefined)'],
  [
    { type: 'content', data: 42 },
    'The agent yielded "content" with the number 42 as "data": it must be a text.',
  ],
  [{ type: 'content' }, '"content" with nothing (undefined) as "data"'],
  [{ type: 'reasoning', data: { text: 'x' } }, '"reasoning" with an object with text as "data"'],
  [{ type: 'tool_use_input', call: 'c', data: null }, '"tool_use_input" with null as "data"'],
  [{ type: 'replace', data: 1 }, '"replace" with the number 1 as "data"'],
  [{ type: 'content', data: 'x', part: {} }, '"content" with an object without fields as "part"'],
  [{ type: 'content', data: 'x', part: 'x'.repeat(201) }, 'with a text of 201 characters as "part"'],
  [
    { type: 'content', data: 'x', agent: 'a' },
    '"content" with the text "a" as "agent": it must be a list of texts.',
  ],
  [{ type: 'content', data: 'x', agent: ['x'.repeat(2_000_000)] }, 'with a list of 1 as "agent"'],
  [{ type: 'content', data: 'x', agent: Array(17).fill('a') }, 'a list of at most 16 names'],
  [{ type: 'tool_use', tool: 't', input: 1 }, '"tool_use" with nothing (undefined) as "call"'],
  [{ type: 'tool_use', call: 'c', input: 1 }, '"tool_use" with nothing (undefined) as "tool"'],
  [{ type: 'tool_result', call: 'c', output: 1, status: 'done' }, 'it must be "ok", "error" or "cancelled".'],
  [{ type: 'discard', parts: 'p1' }, '"discard" with the text "p1" as "parts": it must be a list of texts.'],
  [{ type: 'discard', all: 'yes' }, '"discard" with the text "yes" as "all": it must be true or false.'],
  [{ type: 'discard', parts: [Symbol('x')] }, '"discard" with a list of 1 as "parts"'],
  [{ type: 'approval_request', reason: 'x' }, '"approval_request" with nothing (undefined) as "approval"'],
  [{ type: 'custom', data: 1 }, '"custom" with nothing (undefined) as "name"'],
  [{ type: 'stop', reason: { a: 1n } }, '"stop" with an object with a as "reason"'],
  [{ type: 'stop', reason: 'x'.repeat(2_000_000) }, 'with a text of 2000000 characters as "reason"'],
])('%o is refused with an error that says what was seen and what is expected', (value, words) => {
  expect(() => check(value)).toThrow(words);
});

test.each<[unknown, unknown]>([
  [
    { type: 'content', data: 'x', part: 0 },
    { type: 'content', data: 'x', part: '0' },
  ],
  [
    { type: 'content', data: 'x', part: null, agent: null },
    { type: 'content', data: 'x' },
  ],
  [{ type: 'content_end', part: '' }, { type: 'content_end' }],
  [{ type: 'stop' }, { type: 'stop', reason: '' }],
  [
    { type: 'discard', all: true },
    { type: 'discard', all: true },
  ],
  [{ type: 'discard', all: false, parts: null }, { type: 'discard' }],
  [
    { type: 'tool_result', call: 'c', output: 10n, turn: 'forged' },
    { type: 'tool_result', call: 'c', output: '10', status: 'ok' },
  ],
])('%o is accepted', (value, event) => {
  expect(check(value)).toEqual({ event, problems: [] });
});

test('a list that the agent changes afterwards does not change the event', () => {
  const parts = ['a'];
  const { event } = check({ type: 'discard', parts });
  parts.push('b');
  expect(event).toEqual({ type: 'discard', parts: ['a'] });
});

test.each<[unknown, unknown]>([
  [{ output_tokens: Number.NaN }, {}],
  [{ output_tokens: -1e9, input_tokens: 5 }, { input_tokens: 5 }],
  [{ output_tokens: '100' }, {}],
  [{ total_tokens: Infinity }, {}],
  [null, {}],
  [[1], {}],
])('usage %o is reported, and only its valid figures are counted', (usage, counted) => {
  const { event, problems } = check({ type: 'usage', usage });
  expect(event).toEqual({ type: 'usage', usage: counted });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('It is not counted.');
});

test('usage that is left out, large or fractional still adds up', () => {
  const usage = { input_tokens: undefined, output_tokens: 1e300, total_tokens: 1.5 };
  expect(check({ type: 'usage', usage })).toEqual({
    event: { type: 'usage', usage: { output_tokens: 1e12, total_tokens: 2 } },
    problems: [],
  });
  expect(check({ type: 'usage', usage: { output_tokens: 10n } }).event).toMatchObject({
    usage: { output_tokens: 10 },
  });
});

test('a value that is too long for one event is cut and marked as truncated', () => {
  expect(check({ type: 'custom', name: 'long', data: 'x'.repeat(1_000_000) }).event).toMatchObject({
    data: { truncated: true, length: 1_000_002 },
  });
});
