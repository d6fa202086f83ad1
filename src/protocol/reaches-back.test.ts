import { expect, test } from 'vitest';
import { emptyState, fold, foldEntries, reachesBack, toEntryId } from './index.ts';
import type { FoldedEntry, SessionEvent, SessionState } from './index.ts';

const sent = (number: number, replaces?: string): SessionEvent => ({
  type: 'message',
  message: `m${number}`,
  turn: `t${number}`,
  content: 'x',
  at: 0,
  ...(replaces !== undefined && { replaces }),
});
const started = (number: number) => ({
  type: 'message_start' as const,
  message: `m${number}`,
  turn: `t${number}`,
  attempt: 1,
  at: 0,
});
const toEntries = (...events: readonly SessionEvent[]): readonly FoldedEntry[] =>
  events.map((event, index) => ({ id: toEntryId(index + 100, 'abcdef'), event }));
const windowOf = (...events: readonly SessionEvent[]): SessionState => ({
  ...foldEntries(emptyState('s'), toEntries(...events)),
  earlier: true,
});

test('an edit of a message before the window reaches back once its turn starts', () => {
  const state = windowOf(sent(5), started(5));
  expect(reachesBack(state, toEntries(sent(6, 'm2')))).toBe(false);
  expect(reachesBack(state, toEntries(sent(6, 'm2'), started(6)))).toBe(true);
  const waiting = foldEntries(state, toEntries(sent(6, 'm2')));
  expect(reachesBack(waiting, toEntries(started(6)))).toBe(true);
});

test('an edit of a message in the window, or in the entries, does not reach back', () => {
  const state = windowOf(sent(5), started(5));
  expect(reachesBack(state, toEntries(sent(6, 'm5'), started(6)))).toBe(false);
  expect(reachesBack(state, toEntries(sent(6), started(6), sent(7, 'm6'), started(7)))).toBe(false);
  expect(reachesBack(state, toEntries(sent(6), started(6)))).toBe(false);
});

test('a second attempt at an edit does not reach back again', () => {
  const state = windowOf(sent(6, 'm2'), started(6));
  expect(reachesBack(state, toEntries({ ...started(6), attempt: 2 }))).toBe(false);
});

test('a whole state has all messages that are in force', () => {
  const { earlier: _, ...whole } = windowOf(sent(5), started(5));
  expect(reachesBack(whole, toEntries(sent(6, 'gone'), started(6)))).toBe(false);
});

test('an entry of an unknown type changes only the last id', () => {
  const state = windowOf(sent(5));
  const after = fold(state, { id: '101-abcdef', event: { type: 'unknown' } });
  expect(after).toEqual({ ...state, last: '101-abcdef' });
  expect(after.messages).toBe(state.messages);
});
