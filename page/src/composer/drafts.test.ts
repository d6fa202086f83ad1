import { expect, test, vi } from 'vitest';
import type { Kept } from '../app/kept.ts';
import { createDrafts } from './drafts.ts';

test('each conversation has its own draft, which moves when the conversation gets its name', () => {
  const drafts = createDrafts();
  drafts.change('', () => 'new');
  drafts.change('a', () => 'old');
  drafts.rename('', 'b');
  expect([drafts.get(''), drafts.get('a'), drafts.get('b')]).toEqual([undefined, 'old', 'new']);
  drafts.change('a', (text) => `${text}er`);
  expect(drafts.get('a')).toBe('older');
  drafts.change('a', () => undefined);
  expect(drafts.get('a')).toBeUndefined();
});

test('a listener is called for each change until it unsubscribes', () => {
  const drafts = createDrafts();
  const listener = vi.fn();
  const stop = drafts.subscribe(listener);
  drafts.change('a', () => 'text');
  drafts.rename('a', 'b');
  expect(listener).toHaveBeenCalledTimes(2);
  stop();
  drafts.change('b', () => undefined);
  expect(listener).toHaveBeenCalledTimes(2);
});

test('a draft survives a reload, and a sent text does not', () => {
  const kept = createKept();
  const drafts = createDrafts(kept.read());
  drafts.change('a', () => 'before');
  const stop = drafts.keepIn(kept);
  expect(createDrafts(kept.read()).get('a')).toBe('before');
  drafts.change('b', () => 'half a thou');
  drafts.change('a', () => '');
  const reloaded = createDrafts(kept.read());
  expect([reloaded.get('a'), reloaded.get('b')]).toEqual([undefined, 'half a thou']);
  drafts.change('b', () => undefined);
  expect(kept.read()).toBeUndefined();
  stop();
  drafts.change('b', () => 'of somebody else');
  expect(kept.read()).toBeUndefined();
});

test.each(['', '{', 'null', '{"a":"b"}', '[1,["a"],["a",1],["b","ours"]]'])(
  'foreign data under the same name, such as %j, breaks nothing',
  (text) => {
    expect(createDrafts(text).get('a')).toBeUndefined();
  },
);

function createKept(): Kept {
  let kept: string | undefined;
  return { read: () => kept, keep: (text) => (kept = text), forget: () => (kept = undefined) };
}
