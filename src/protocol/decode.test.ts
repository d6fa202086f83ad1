import { expect, test } from 'vitest';
import { isContent, isEntry, isSessionEvent } from './index.ts';

test('an event with all required fields is accepted, with unknown fields too', () => {
  expect(isSessionEvent({ type: 'content', turn: 't', part: 'p1', data: 'x', later: 1 })).toBe(true);
  expect(isSessionEvent({ type: 'message_end', turn: 't', outcome: 'completed' })).toBe(true);
  expect(isSessionEvent({ type: 'tool_use', turn: 't', call: 'c', tool: 'clock', input: null })).toBe(true);
});

test.each([
  undefined,
  null,
  'content',
  [],
  {},
  { type: 'no_such_type' },
  { type: 'constructor' },
  { type: '__proto__' },
  { type: 'content', turn: 't', part: 'p1' },
  { type: 'content', turn: 't', part: 1, data: 'x' },
  { type: 'content', turn: 't', part: 'p1', data: 'x', agent: 'a' },
  { type: 'message_end', turn: 't', outcome: 'perhaps' },
  { type: 'message', message: 'm', turn: 't', content: [{ type: 'text' }] },
  { type: 'discard', turn: 't', parts: [1] },
])('a value that is not an event is refused: %j', (value) => {
  expect(isSessionEvent(value)).toBe(false);
});

test('an entry needs a well-formed id, a time and an event', () => {
  const event = { type: 'withdraw', message: 'm' };
  expect(isEntry({ id: '1-abcdef', at: 1, event })).toBe(true);
  expect(isEntry({ id: '1', at: 1, event })).toBe(false);
  expect(isEntry({ id: '1-abcdef', event })).toBe(false);
  expect(isEntry({ id: '1-abcdef', at: 1, event: {} })).toBe(false);
});

test('content is a text or a list of parts', () => {
  expect(isContent('hello')).toBe(true);
  expect(
    isContent([
      { type: 'text', text: 'hello' },
      { type: 'image', media_type: 'image/png', data: 'AAAA' },
    ]),
  ).toBe(true);
  expect(isContent([{ type: 'video', data: '' }])).toBe(false);
  expect(isContent(1)).toBe(false);
});
