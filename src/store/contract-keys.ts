import { createStoreCheck, same, toNextHead, toContractState, toContractText } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

const key = { id: 'key', digest: 'digest' };

/** Checks of idempotency keys. */
export const keyChecks: readonly StoreCheck[] = [
  createStoreCheck(
    'a repeated key with the same digest finds what it wrote',
    async ({ log, create, say, page }) => {
      const session = await create();
      const { entries } = await say(session, ['a', 'b'], { key });
      await say(session, ['c']);
      const again = await log.append(session, [toContractText('other')], { key });
      same(again, { type: 'refused', reason: 'duplicate', entries }, 'the second answer');
      same((await page(session)).entries.length, 4, 'the number of entries');
    },
  ),

  createStoreCheck('a repeated key with another digest is a mismatch', async ({ log, create, say }) => {
    const session = await create();
    await say(session, ['a'], { key });
    const again = await log.append(session, [toContractText('a')], { key: { ...key, digest: 'other' } });
    same(again, { type: 'refused', reason: 'mismatch' }, 'the second answer');
  }),

  createStoreCheck('the key is checked before the head', async ({ log, create, say }) => {
    const session = await create();
    const { entries } = await say(session, ['a'], { key, head: { was: 1, now: toNextHead() } });
    await say(session, ['b'], { head: { was: 2, now: toNextHead() } });
    const again = await log.append(session, [toContractText('a')], {
      key,
      head: { was: 1, now: toNextHead() },
    });
    same(again, { type: 'refused', reason: 'duplicate', entries }, 'a late repeat');
  }),

  createStoreCheck('a repeated creation with its key is a duplicate', async ({ log }) => {
    const create = () => log.append('s', [toContractText('a')], { key, head: { was: 0, now: toNextHead() } });
    const made = await create();
    const entries = made.type === 'appended' ? made.entries : [];
    same(await create(), { type: 'refused', reason: 'duplicate', entries }, 'the second answer');
  }),

  createStoreCheck('one of many appends with the same key is written', async ({ log, create, page }) => {
    const session = await create();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => log.append(session, [toContractText(`${index}`)], { key })),
    );
    const won = answers.filter(({ type }) => type === 'appended');
    same(won.length, 1, 'how many were written');
    const entries = won[0]?.type === 'appended' ? won[0].entries : [];
    const lost = answers.filter(({ type }) => type === 'refused');
    same(
      lost,
      lost.map(() => ({ type: 'refused', reason: 'duplicate', entries })),
      'the others',
    );
    same((await page(session)).entries.length, 2, 'the number of entries');
  }),

  createStoreCheck('a key belongs to its session', async ({ create, say, page }) => {
    const [one, other] = [await create(), await create()];
    await say(one, ['a'], { key });
    await say(other, ['b'], { key });
    same((await page(other)).entries.length, 2, 'the number of entries');
  }),

  createStoreCheck('keys that differ in half a surrogate pair differ', async ({ create, say }) => {
    const session = await create();
    await say(session, ['a'], { key: { id: '\ud800', digest: 'a' } });
    await say(session, ['b'], { key: { id: '\ud801', digest: 'b' } });
    await say(session, ['c'], { key: { id: '\ufffd', digest: 'c' } });
  }),

  createStoreCheck('a key finds what it wrote even after a trim', async ({ log, create, say }) => {
    const session = await create();
    const { entries } = await say(session, ['a', 'b', 'c'], { key });
    const after = await say(session, ['d']);
    const again = { type: 'refused', reason: 'duplicate', entries };
    for (const id of [entries[1]?.id, after.entries[0]?.id]) {
      await log.trim(session, id ?? '', toContractState(session));
      same(
        await log.append(session, [toContractText('a')], { key }),
        again,
        `the answer after the trim to ${id}`,
      );
    }
  }),

  createStoreCheck('a repeated key of an append without events finds no entries', async ({ log, create }) => {
    const session = await create();
    await log.append(session, [], { key });
    same(
      await log.append(session, [], { key }),
      { type: 'refused', reason: 'duplicate', entries: [] },
      'the repeat',
    );
  }),
];
