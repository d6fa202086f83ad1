import { expect, test, vi } from 'vitest';
import type { MessageState } from '../protocol/index.ts';
import { createTurnHistory } from './history.ts';

const messages: readonly MessageState[] = Array.from({ length: 5 }, (_, index) => ({
  role: 'user',
  message: `m${index}`,
  turn: `t${index}`,
  at: index,
  content: `say ${index}`,
  status: 'started',
}));
const read = (count: number): readonly MessageState[] => (count === 0 ? [] : messages.slice(-count));

test('a history has the last messages that are asked for, by default all', () => {
  const history = createTurnHistory(read);
  expect(history()).toEqual(messages);
  expect(history(2)).toEqual(messages.slice(3));
  expect(history(0)).toEqual([]);
  expect(history(99)).toEqual(messages);
});

test('a history has no more than the agent declares, and does not read more', () => {
  const spy = vi.fn(read);
  const history = createTurnHistory(spy, 3);
  expect(history()).toEqual(messages.slice(2));
  expect(history(4)).toEqual(messages.slice(2));
  expect(history(1)).toEqual(messages.slice(4));
  expect(spy.mock.calls).toEqual([[3], [1]]);
});

test('a history is a copy, also of names that JSON allows and JavaScript does not expect', () => {
  const odd: MessageState = JSON.parse(
    '{"role":"user","message":"m","turn":"t","at":1,"status":"started","content":[{"type":"text","text":"x","__proto__":{"a":1}}]}',
  );
  const [copy] = createTurnHistory(() => [odd])();
  expect(copy).toEqual(odd);
  expect(copy).not.toBe(odd);
  expect(JSON.stringify(copy)).toBe(JSON.stringify(odd));
  expect(copy?.role === 'user' && copy.content[0]).not.toHaveProperty('a');
});

test('a count that is no count is refused with a sentence', () => {
  for (const count of [-1, 1.5, NaN])
    expect(() => createTurnHistory(read)(count)).toThrow(/history\(count\)/);
});
