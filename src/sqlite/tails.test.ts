import { expect, test } from 'vitest';
import { toNextHead, toContractText, toTexts } from '../store/contract-check.ts';
import type { Head } from '../log/index.ts';
import type { Entry } from '../protocol/index.ts';
import { createTails } from './tails.ts';

const toHead = (version: number): Head => ({ ...toNextHead(), version });
const toEntry = (seq: number): Entry => ({ id: `${seq}-aaaaaa`, at: 0, event: toContractText(`${seq}`) });

function texts(
  tails: ReturnType<typeof createTails>,
  after: string,
  limit = 99,
): readonly string[] | undefined {
  const page = tails.after('s', after, limit);
  return page && toTexts(page.entries);
}

test('the entries after any kept entry are returned', () => {
  const tails = createTails(() => true);
  tails.add('s', [toEntry(1), toEntry(2)], 1, toHead(1));
  tails.add('s', [toEntry(3)], 1, undefined);
  expect(texts(tails, '1-aaaaaa')).toEqual(['2', '3']);
  expect(texts(tails, '1-aaaaaa', 1)).toEqual(['2']);
  expect(tails.after('s', '1-aaaaaa', 1)).not.toHaveProperty('end');
  expect(tails.after('s', '1-aaaaaa', 2)).toMatchObject({ end: true, head: { version: 1 } });
  // Only the database knows whether more follows. An id with another tag is not in this log.
  for (const id of ['3-aaaaaa', '4-aaaaaa', '2-bbbbbb', '0-aaaaaa']) expect(texts(tails, id)).toBeUndefined();
});

test('a gap left by the append of another process discards the older entries', () => {
  const tails = createTails(() => true);
  tails.add('s', [toEntry(1), toEntry(2)], 1, toHead(1));
  tails.add('s', [toEntry(4), toEntry(5)], 1, undefined);
  expect(texts(tails, '1-aaaaaa')).toBeUndefined();
  expect(texts(tails, '4-aaaaaa')).toEqual(['5']);
});

test('if another process replaced the head, nothing is returned until the head is read', () => {
  const tails = createTails(() => true);
  tails.add('s', [toEntry(1)], 1, toHead(1));
  tails.add('s', [toEntry(2)], 2, undefined);
  expect(texts(tails, '1-aaaaaa')).toBeUndefined();
  tails.learn('s', toHead(1));
  expect(texts(tails, '1-aaaaaa')).toBeUndefined();
  tails.learn('s', toHead(2));
  expect(tails.after('s', '1-aaaaaa', 9)).toMatchObject({ head: { version: 2 } });
});

test('only 16 entries are kept, and only while the session is watched', () => {
  let isWatched = true;
  const tails = createTails(() => isWatched);
  tails.add(
    's',
    Array.from({ length: 100 }, (_, index) => toEntry(index + 1)),
    1,
    toHead(1),
  );
  expect(texts(tails, '84-aaaaaa')).toBeUndefined();
  expect(texts(tails, '85-aaaaaa')).toHaveLength(15);
  tails.forget('s');
  expect(texts(tails, '99-aaaaaa')).toBeUndefined();
  isWatched = false;
  tails.add('s', [toEntry(101), toEntry(102)], 1, toHead(1));
  expect(texts(tails, '101-aaaaaa')).toBeUndefined();
});
