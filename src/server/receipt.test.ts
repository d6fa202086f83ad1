import { expect, test } from 'vitest';
import { toEntryId } from '../protocol/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import { create, decide } from '../turns/decide.ts';
import { toReceipt } from './receipt.ts';

const toEntries = (events: readonly SessionEvent[]) =>
  events.map((event, index) => ({ id: toEntryId(index + 1, 'abcdef'), at: 1, event }));

test('the receipt is that of the message that was sent, and not of one of the past', () => {
  const past = [{ role: 'user', content: 'then' }] as const;
  const { events, head } = create({ session: 's', owner: 'ada', kind: 'session', past, at: 1 });
  const names = { message: 'm', turn: 't' };
  const sent = decide(head, { type: 'message', ...names, content: 'now', onBusy: 'queue', at: 1 });
  const all = [...events, ...(sent.type === 'append' ? sent.events : [])];
  expect(toReceipt(toEntries(all))).toEqual({ message_id: 'm', turn_id: 't', id: '3-abcdef' });
  expect(() => toReceipt(toEntries(events))).toThrow(expect.objectContaining({ code: 'key_reused' }));
});
