import { expect, test } from 'vitest';
import { emptyState, foldEntries, toEntryId } from '../protocol/index.ts';
import type { SessionEvent, SessionState } from '../protocol/index.ts';
import { pageBack, toWindow } from './window.ts';

function stateOf(...events: readonly SessionEvent[]): SessionState {
  return foldEntries(
    emptyState('s'),
    events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), event })),
  );
}

function sent(number: number): SessionEvent {
  return { type: 'message', message: `m${number}`, turn: `t${number}`, content: 'x', at: 0 };
}

function started(number: number): SessionEvent {
  return { type: 'message_start', message: `m${number}`, turn: `t${number}`, attempt: 1, at: 0 };
}

function turn(number: number): readonly SessionEvent[] {
  return [sent(number), started(number), { type: 'message_end', turn: `t${number}`, outcome: 'completed' }];
}

const namesOf = (state: SessionState | undefined): readonly string[] | undefined =>
  state?.messages.map(({ role, message }) => `${role} ${message}`);

test('a window begins with a message of a user and tells whether the conversation began before it', () => {
  const state = stateOf(...[1, 2, 3].flatMap(turn));
  expect(namesOf(toWindow(state, 2))).toEqual(['user m3', 'agent m3']);
  expect(namesOf(toWindow(state, 3))).toEqual(['user m2', 'agent m2', 'user m3', 'agent m3']);
  expect(toWindow(state, 3).earlier).toBe(true);
  expect(toWindow(state, 5)).toBe(state);
  expect(toWindow(state, 99)).toBe(state);
  expect(toWindow(emptyState('s'), 1)).toEqual(emptyState('s'));
});

test('a window has all messages that still wait, and the open turn', () => {
  const waiting = [4, 5, 6].map(sent);
  const open = stateOf(...turn(1), sent(2), started(2), ...waiting);
  expect(namesOf(toWindow(open, 1))?.[0]).toBe('user m2');
  expect(namesOf(toWindow(stateOf(...turn(1), ...turn(2), ...waiting), 1))).toEqual([
    'user m4',
    'user m5',
    'user m6',
  ]);
});

test('a window has the turn whose approvals wait for an answer', () => {
  const asked: readonly SessionEvent[] = [
    sent(2),
    started(2),
    { type: 'approval_request', turn: 't2', approval: 'a', reason: null },
    { type: 'message_end', turn: 't2', outcome: 'waiting' },
  ];
  expect(namesOf(toWindow(stateOf(...turn(1), ...asked, sent(3), sent(4)), 1))?.[0]).toBe('user m2');
});

test('pages go back to the start, without a gap', () => {
  const state = stateOf(...[1, 2, 3, 4].flatMap(turn));
  const first = pageBack(state, 'm4', 2);
  expect(namesOf(first)).toEqual(['user m3', 'agent m3']);
  expect(first?.earlier).toBe(true);
  const rest = pageBack(state, 'm3', 4);
  expect(namesOf(rest)).toEqual(['user m1', 'agent m1', 'user m2', 'agent m2']);
  expect(rest?.earlier).toBeUndefined();
  expect(namesOf(pageBack(state, 'm1', 2))).toEqual([]);
  expect(pageBack(state, 'never', 2)).toBeUndefined();
});
