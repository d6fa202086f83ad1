import { expect, test, vi } from 'vitest';
import { createDrafts } from './drafts.ts';

test('each conversation has its own, which moves along when it gets its name', () => {
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

test('a change is told until nobody listens', () => {
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
