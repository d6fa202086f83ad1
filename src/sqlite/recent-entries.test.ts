import { expect, test } from 'vitest';
import { toNextHead, toContractText, toTexts } from '../store/contract-check.ts';
import type { Head } from '../log/index.ts';
import type { Entry } from '../protocol/index.ts';
import { createRecentEntries } from './recent-entries.ts';

const toHead = (version: number): Head => ({ ...toNextHead(), version });
const toEntry = (seq: number): Entry => ({ id: `${seq}-aaaaaa`, at: 0, event: toContractText(`${seq}`) });

function texts(
  recentEntries: ReturnType<typeof createRecentEntries>,
  after: string,
  limit = 99,
): readonly string[] | undefined {
  const page = recentEntries.after('s', after, limit);
  return page && toTexts(page.entries);
}

test('the entries after any kept entry are returned', () => {
  const recentEntries = createRecentEntries(() => true);
  recentEntries.add('s', [toEntry(1), toEntry(2)], 1, toHead(1));
  recentEntries.add('s', [toEntry(3)], 1, undefined);
  expect(texts(recentEntries, '1-aaaaaa')).toEqual(['2', '3']);
  expect(texts(recentEntries, '1-aaaaaa', 1)).toEqual(['2']);
  expect(recentEntries.after('s', '1-aaaaaa', 1)).not.toHaveProperty('end');
  expect(recentEntries.after('s', '1-aaaaaa', 2)).toMatchObject({ end: true, head: { version: 1 } });
  // Only the database knows whether more follows. An id with another tag is not in this log.
  for (const id of ['3-aaaaaa', '4-aaaaaa', '2-bbbbbb', '0-aaaaaa'])
    expect(texts(recentEntries, id)).toBeUndefined();
});

test('a gap left by the append of another process discards the older entries', () => {
  const recentEntries = createRecentEntries(() => true);
  recentEntries.add('s', [toEntry(1), toEntry(2)], 1, toHead(1));
  recentEntries.add('s', [toEntry(4), toEntry(5)], 1, undefined);
  expect(texts(recentEntries, '1-aaaaaa')).toBeUndefined();
  expect(texts(recentEntries, '4-aaaaaa')).toEqual(['5']);
});

test('if another process replaced the head, nothing is returned until the head is read', () => {
  const recentEntries = createRecentEntries(() => true);
  recentEntries.add('s', [toEntry(1)], 1, toHead(1));
  recentEntries.add('s', [toEntry(2)], 2, undefined);
  expect(texts(recentEntries, '1-aaaaaa')).toBeUndefined();
  recentEntries.learn('s', toHead(1));
  expect(texts(recentEntries, '1-aaaaaa')).toBeUndefined();
  recentEntries.learn('s', toHead(2));
  expect(recentEntries.after('s', '1-aaaaaa', 9)).toMatchObject({ head: { version: 2 } });
});

test('only 16 entries are kept, and only while the session is watched', () => {
  let isWatched = true;
  const recentEntries = createRecentEntries(() => isWatched);
  recentEntries.add(
    's',
    Array.from({ length: 100 }, (_, index) => toEntry(index + 1)),
    1,
    toHead(1),
  );
  expect(texts(recentEntries, '84-aaaaaa')).toBeUndefined();
  expect(texts(recentEntries, '85-aaaaaa')).toHaveLength(15);
  recentEntries.forget('s');
  expect(texts(recentEntries, '99-aaaaaa')).toBeUndefined();
  isWatched = false;
  recentEntries.add('s', [toEntry(101), toEntry(102)], 1, toHead(1));
  expect(texts(recentEntries, '101-aaaaaa')).toBeUndefined();
});
