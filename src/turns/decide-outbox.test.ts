import { expect, test } from 'vitest';
import type { NextHead } from '../log/index.ts';
import { memoryStore } from '../log/index.ts';
import { claimSession } from './lease.fixture.ts';
import type { Command } from './command.ts';
import { decide } from './decide.ts';
import { tellOutbox } from './tell-outbox.ts';

const quiet: NextHead = { owner: 'ada', kind: 'session', createdAt: 0, activeAt: 0, queue: [] };
const linked: NextHead = { ...quiet, outbox: { session: 'o' } };
const message = (more: object = {}): Command => ({
  type: 'message',
  message: 'm2',
  turn: 't2',
  content: 'hi',
  onBusy: 'queue',
  at: 5,
  ...more,
});
const waiting = {
  turn: 't1',
  message: 'm1',
  approvals: [{ approval: 'a', answered: false }],
  next: 't2',
  expiresAt: 100,
};
const open = { turn: 't1', message: 'm1', attempt: 1 };

function headAfter(head: NextHead, command: Command): NextHead | undefined {
  const decision = decide(head, command);
  return decision.type === 'append' ? decision.head : undefined;
}

test('a session gets one outbox, and keeps it', () => {
  expect(headAfter(quiet, { type: 'link', outbox: 'o', at: 1 })).toMatchObject({ outbox: { session: 'o' } });
  expect(headAfter(linked, { type: 'link', outbox: 'p', at: 1 })).toBeUndefined();
  expect(headAfter(linked, { type: 'link', outbox: 'p', instead: 'q', at: 1 })).toBeUndefined();
  expect(headAfter(linked, { type: 'link', outbox: 'p', instead: 'o', at: 1 })).toMatchObject({
    outbox: { session: 'p' },
  });
});

test.each<[string, NextHead, Command]>([
  ['the end of a turn', { ...linked, turn: open }, { type: 'end', turn: 't1', outcome: 'completed', at: 5 }],
  [
    'a withdrawn message',
    { ...linked, queue: [{ message: 'm', turn: 't' }] },
    { type: 'withdraw', message: 'm', at: 5 },
  ],
  ['approvals that expire', { ...linked, waiting }, { type: 'expire', at: 100 }],
  ['approvals that a cancel closes', { ...linked, waiting }, { type: 'cancel', at: 5 }],
  ['approvals that a message closes', { ...linked, waiting }, message({ onBusy: 'interrupt' })],
])('%s is news, and due at once', (_, head, command) => {
  const after = headAfter(head, command);
  expect(after).toMatchObject({ outbox: { session: 'o', hasNews: true }, dueAt: 0 });
  const { outbox: __, ...unlinked } = head;
  expect(headAfter(unlinked, command)?.outbox).toBeUndefined();
});

test.each<[string, NextHead, Command]>([
  ['a message', linked, message()],
  ['the start of a turn', { ...linked, queue: [{ message: 'm', turn: 't' }] }, { type: 'start', at: 5 }],
  ['a turn that begins again', { ...linked, turn: open }, { type: 'restart', at: 5 }],
  ['an answer', { ...linked, waiting }, { type: 'answer', approval: 'a', decision: true, at: 5 }],
  ['a cancel of a turn', { ...linked, turn: open }, { type: 'cancel', at: 5 }],
])('%s is no news', (_, head, command) => {
  expect(headAfter(head, command)?.outbox).toEqual({ session: 'o' });
});

test('news stay until the outbox was told', () => {
  const untold: NextHead = { ...linked, outbox: { session: 'o', hasNews: true } };
  expect(headAfter(untold, message())?.outbox).toEqual({ session: 'o', hasNews: true });
  const told = headAfter(untold, { type: 'told', at: 5 });
  expect(told?.outbox).toEqual({ session: 'o' });
  expect(told?.dueAt).toBeUndefined();
  expect(headAfter(linked, { type: 'told', at: 5 })).toBeUndefined();
});

test('an outbox that was told is due, and each news counts', async () => {
  const store = memoryStore();
  const post = { of: 's', news: 1, text: '[]' };
  const head: NextHead = { owner: '', kind: 'outbox', createdAt: 0, activeAt: 0, queue: [], post };
  await store.log.append('o', [{ type: 'session_start', session: 'o' }], { head: { was: 0, now: head } });
  expect(await store.leases.due(9)).toEqual([]);
  await Promise.all([tellOutbox(store.log, 'o'), tellOutbox(store.log, 'o')]);
  expect(await store.leases.due(9)).toEqual(['o']);
  expect(await store.log.read('o', undefined, 0)).toMatchObject({
    head: { post: { of: 's', news: 3, text: '[]' } },
  });
  await tellOutbox(store.log, 'never');
});

test('a head that is changed under a lease is decided anew if another append comes between', async () => {
  const { store, session, hold } = await claimSession();
  let asked = 0;
  const isChanged = await hold.change((head) => {
    asked += 1;
    if (asked === 1)
      void store.log.append(session, [], { head: { was: head.version, now: { ...head, title: 'x' } } });
    return { events: [], head: { ...head, activeAt: 7 } };
  });
  expect([isChanged, asked]).toEqual([true, 2]);
  expect(await store.log.read(session, undefined, 0)).toMatchObject({ head: { title: 'x', activeAt: 7 } });
  expect(await hold.change(() => undefined)).toBe(false);
});
