import { expect, test } from 'vitest';
import { emptyState, toEntryId } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import { advance } from './advance.ts';
import type { Transcript } from './transcript.ts';

const start: Transcript = {
  state: emptyState('s'),
  head: { version: 1, owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] },
  trimmed: 0,
  base: undefined,
};

function entry(seq: number, more?: { readonly replaces: string }): Entry {
  const names = { message: `m${seq}`, turn: `t${seq}` };
  const event = { type: 'message', ...names, content: 'x', at: 0, ...more } as const;
  return { id: toEntryId(seq, 'abcdef'), at: 0, event };
}

const namesOf = ({ state }: Transcript): readonly string[] => state.messages.map(({ message }) => message);

test('entries that follow the last one are folded in', () => {
  const first = advance(start, [entry(1), entry(2)]);
  expect(namesOf(first)).toEqual(['m1', 'm2']);
  expect(namesOf(advance(first, [entry(3)]))).toEqual(['m1', 'm2', 'm3']);
  expect(advance(first, [])).toBe(first);
});

test('entries after a gap, and entries that are there already, are left to the log', () => {
  const first = advance(start, [entry(1), entry(3), entry(4)]);
  expect(namesOf(first)).toEqual(['m1']);
  expect(first.state.last).toBe('1-abcdef');
  expect(advance(first, [entry(3)])).toBe(first);
  expect(advance(first, [entry(1), entry(2)])).toBe(first);
});

test('an edit of a message before a window is left to the next read, which loads the whole', () => {
  const window = advance({ ...start, state: { ...start.state, earlier: true } }, [
    entry(1, { replaces: 'm0' }),
  ]);
  const event = { type: 'message_start', message: 'm1', turn: 't1', attempt: 1, at: 0 } as const;
  expect(advance(window, [{ id: toEntryId(2, 'abcdef'), at: 0, event }])).toBe(window);
});
