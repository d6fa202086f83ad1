import type { NextCheckpoint } from '../log/index.ts';
import { createStoreCheck, same, toContractState, toNextHead } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

/** Checks of checkpoints, which are kept beside the log of their session. */
export const checkpointChecks: readonly StoreCheck[] = [
  createStoreCheck(
    'a checkpoint is loaded as it was saved, with the pages that are asked for',
    async ({ store: { checkpoints }, create }) => {
      const session = await create();
      same(await checkpoints.load(session, { last: 9 }), undefined, 'one that was never saved');
      same(await checkpoints.save(session, toNext('a', undefined, ['p0', 'p1', 'p2'])), true, 'the save');
      const load = async (last: number, before?: number) => {
        const range = before === undefined ? { last } : { last, before };
        const loaded = await checkpoints.load(session, range);
        return [loaded?.tag, loaded?.record, loaded?.count, loaded?.first, loaded?.pages];
      };
      const pages = ['"p0"', '"p1"', '"p2"'];
      same(await load(Infinity), ['a', '{"at":"a"}', 3, 0, pages], 'the whole');
      same(await load(2), ['a', '{"at":"a"}', 3, 1, pages.slice(1)], 'its last two pages');
      same(await load(2, 2), ['a', '{"at":"a"}', 3, 0, pages.slice(0, 2)], 'the two before the last');
      same(await load(1, 9), ['a', '{"at":"a"}', 3, 2, pages.slice(2)], 'the last before one that is not');
      same(await load(0), ['a', '{"at":"a"}', 3, 3, []], 'no page');
      same(await load(5, 0), ['a', '{"at":"a"}', 3, 0, []], 'the pages before the first');
      same(await checkpoints.load('never', { last: 1 }), undefined, 'that of a session that never was');
    },
  ),

  createStoreCheck(
    'a checkpoint replaces the one that it was made from, and no other',
    async ({ store: { checkpoints }, create }) => {
      const session = await create();
      const tagOf = async () => (await checkpoints.load(session, { last: 0 }))?.tag;
      same(await checkpoints.save(session, toNext('a', 'other', ['p'])), false, 'a save after none');
      same(await tagOf(), undefined, 'what is kept');
      await checkpoints.save(session, toNext('a', undefined, ['p']));
      same(await checkpoints.save(session, toNext('b', undefined, ['q'])), false, 'a second first');
      same(await checkpoints.save(session, toNext('b', 'a', ['q'])), true, 'the next');
      same(await checkpoints.save(session, toNext('c', 'a', ['r'])), false, 'a late one');
      same(await checkpoints.load(session, { last: 9 }), toLoaded('b', ['q']), 'what is kept');
      const saves = ['x', 'y', 'z'].map((tag) => checkpoints.save(session, toNext(tag, 'b', [tag])));
      same((await Promise.all(saves)).filter(Boolean).length, 1, 'how many of three at once replace it');
    },
  ),

  createStoreCheck(
    'pages that are not written stay, and pages beyond the count are deleted',
    async ({ store: { checkpoints }, create }) => {
      const session = await create();
      await checkpoints.save(session, toNext('a', undefined, ['p0', 'p1', 'p2']));
      const pages = new Map([[1, '"new"']]);
      await checkpoints.save(session, { was: 'a', tag: 'b', record: '{"at":"b"}', count: 2, pages });
      same(await checkpoints.load(session, { last: 9 }), toLoaded('b', ['p0', 'new']), 'two of three');
      const more = new Map([[2, '"again"']]);
      await checkpoints.save(session, { was: 'b', tag: 'c', record: '{"at":"c"}', count: 3, pages: more });
      same(
        await checkpoints.load(session, { last: 9 }),
        toLoaded('c', ['p0', 'new', 'again']),
        'three again',
      );
      const none = new Map<number, string>();
      await checkpoints.save(session, { was: 'c', tag: 'd', record: '{"at":"d"}', count: 0, pages: none });
      same(await checkpoints.load(session, { last: 9 }), toLoaded('d', []), 'none');
    },
  ),

  createStoreCheck(
    'a checkpoint belongs to its session, and a drop drops it for ever',
    async ({ store: { checkpoints }, log, create }) => {
      const [one, other] = [await create(), await create()];
      await checkpoints.save(one, toNext('a', undefined, ['one']));
      same(await checkpoints.load(other, { last: 9 }), undefined, 'that of the other');
      await checkpoints.save(other, toNext('a', undefined, ['other']));
      await log.drop(one);
      same(await checkpoints.load(one, { last: 9 }), undefined, 'what is loaded after the drop');
      same(await checkpoints.save(one, toNext('b', 'a', ['late'])), false, 'a late save');
      same(await checkpoints.save(one, toNext('b', undefined, ['late'])), false, 'a late first save');
      same(await checkpoints.load(one, { last: 9 }), undefined, 'what is loaded after the late saves');
      same(await checkpoints.load(other, { last: 9 }), toLoaded('a', ['other']), 'that of the other');
      same(await checkpoints.save('never', toNext('a', undefined, ['p'])), false, 'a save without a session');
      await create({}, 'never');
      same(await checkpoints.load('never', { last: 9 }), undefined, 'what a new session has');
    },
  ),

  createStoreCheck(
    'a checkpoint outlives appends, new heads, trims and the deletion of snapshots',
    async ({ store: { checkpoints, snapshots }, log, create, say }) => {
      const session = await create();
      await checkpoints.save(session, toNext('a', undefined, ['p0', 'p1']));
      const { entries } = await say(session, ['a'], { head: { was: 1, now: toNextHead() } });
      await log.trim(session, entries[0]?.id ?? '', toContractState(session));
      await snapshots.save(session, 'name', 'data');
      await snapshots.keepOnly(session, 'name');
      same(await checkpoints.load(session, { last: 9 }), toLoaded('a', ['p0', 'p1']), 'the checkpoint');
      same(await snapshots.load(session, 'name'), 'data', 'the snapshot');
    },
  ),

  createStoreCheck('large pages are kept whole', async ({ store: { checkpoints }, create }) => {
    const session = await create();
    const texts = Array.from({ length: 64 }, (_, page) => `${page} \u0000 🧵 é ${'x'.repeat(40_000)}`);
    await checkpoints.save(session, toNext('a', undefined, texts));
    const loaded = await checkpoints.load(session, { last: Infinity });
    const expected = texts.map((each) => JSON.stringify(each));
    same(loaded?.pages.length, 64, 'the number of pages');
    same(
      loaded?.pages.every((page, index) => page === expected[index]),
      true,
      'whether all are the same',
    );
  }),

  createStoreCheck('a checkpoint may have very many pages', async ({ store: { checkpoints }, create }) => {
    const session = await create();
    const texts = Array.from({ length: 10_000 }, (_, page) => `${page}`);
    same(await checkpoints.save(session, toNext('a', undefined, texts)), true, 'the save');
    const loaded = await checkpoints.load(session, { last: 2, before: 9_000 });
    same(
      [loaded?.count, loaded?.pages],
      [10_000, ['"8998"', '"8999"']],
      'the number of pages, and two of them',
    );
  }),
];

function toNext(tag: string, was: string | undefined, pages: readonly string[]): NextCheckpoint {
  const texts = pages.map((page, index): [number, string] => [index, JSON.stringify(page)]);
  return { was, tag, record: `{"at":"${tag}"}`, count: pages.length, pages: new Map(texts) };
}

function toLoaded(tag: string, pages: readonly string[]) {
  const texts = pages.map((page) => JSON.stringify(page));
  return { tag, record: `{"at":"${tag}"}`, count: pages.length, first: 0, pages: texts };
}
