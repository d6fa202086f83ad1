import { createStoreCheck, same, toNextHead, toContractState, toContractText } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

const fenced = { type: 'refused', reason: 'fenced' };

/** Checks of fences, which decide who may write a session's turns. */
export const fenceChecks: readonly StoreCheck[] = [
  createStoreCheck('the holder of a lease appends and counts', async ({ create, claim, say, page }) => {
    const session = await create();
    const fence = await claim(session);
    same([fence.session, fence.epoch, fence.n], [session, 1, 0], 'the fence');
    for (const n of [1, 2, 3]) await say(session, [`${n}`], { fence: { ...fence, n } });
    same((await page(session)).entries.length, 4, 'the number of entries');
  }),

  createStoreCheck(
    'an append under a lease that another node has claimed is fenced',
    async ({ log, create, claim, say, advance }) => {
      const session = await create();
      const stale = await claim(session, 100);
      await say(session, ['a'], { fence: { ...stale, n: 1 } });
      advance(200);
      const fence = await claim(session);
      same(fence.epoch, 2, 'the epoch');
      same(fence.nonce === stale.nonce, false, 'whether the nonce is the old one');
      for (const n of [1, 2])
        same(await log.append(session, [toContractText('b')], { fence: { ...stale, n } }), fenced, `n ${n}`);
      await say(session, ['c'], { fence: { ...fence, n: 1 } });
    },
  ),

  createStoreCheck(
    'an append with another nonce, epoch or session is fenced',
    async ({ log, create, claim }) => {
      const session = await create();
      const other = await create();
      const fence = { ...(await claim(session)), n: 1 };
      await claim(other);
      for (const wrong of [{ nonce: 'foreign' }, { epoch: 2 }, { epoch: 0 }, { session: other }]) {
        same(
          await log.append(session, [toContractText('a')], { fence: { ...fence, ...wrong } }),
          fenced,
          JSON.stringify(wrong),
        );
      }
      same(await log.append(other, [toContractText('a')], { fence }), fenced, 'the fence of another session');
    },
  ),

  createStoreCheck(
    'a repeat of the last append gets the first answer',
    async ({ log, create, claim, say, page }) => {
      const session = await create();
      const fence = { ...(await claim(session)), n: 1 };
      const first = await say(session, ['a', 'b'], { fence, head: { was: 1, now: toNextHead() } });
      await say(session, ['of somebody else'], { head: { was: 2, now: toNextHead() } });
      const again = await log.append(session, [toContractText('a'), toContractText('b')], {
        fence,
        head: { was: 1, now: toNextHead() },
      });
      same(again, first, 'the second answer');
      same((await page(session)).entries.length, 4, 'the number of entries');
    },
  ),

  createStoreCheck(
    'a repeat gets the first answer even after a trim',
    async ({ log, create, claim, say }) => {
      const session = await create();
      const fence = { ...(await claim(session)), n: 1 };
      const first = await say(session, ['a', 'b'], { fence });
      await log.trim(session, first.entries[1]?.id ?? '', toContractState(session));
      same(
        await log.append(session, [toContractText('a'), toContractText('b')], { fence }),
        first,
        'the second answer',
      );
    },
  ),

  createStoreCheck(
    'a repeat of an append without events gets the first answer',
    async ({ log, create, claim, say }) => {
      const session = await create();
      const fence = await claim(session);
      await say(session, ['a'], { fence: { ...fence, n: 1 } });
      const head = { was: 1, now: toNextHead() };
      const first = await log.append(session, [], { fence: { ...fence, n: 2 }, head });
      same(first, { type: 'appended', entries: [], version: 2 }, 'the first answer');
      same(await log.append(session, [], { fence: { ...fence, n: 2 }, head }), first, 'the second answer');
    },
  ),

  createStoreCheck('a count that skips or goes back is fenced', async ({ log, create, claim, say }) => {
    const session = await create();
    const fence = await claim(session);
    for (const n of [0, 2])
      same(await log.append(session, [toContractText('a')], { fence: { ...fence, n } }), fenced, `n ${n}`);
    for (const n of [1, 2, 3]) await say(session, ['a'], { fence: { ...fence, n } });
    for (const n of [0, 1, 2, 5]) {
      same(await log.append(session, [toContractText('a')], { fence: { ...fence, n } }), fenced, `n ${n}`);
    }
    await say(session, ['a'], { fence: { ...fence, n: 4 } });
  }),

  createStoreCheck('a refused append does not count', async ({ log, create, claim, say }) => {
    const session = await create();
    const fence = { ...(await claim(session)), n: 1 };
    const head = { was: 9, now: toNextHead() };
    const answer = await log.append(session, [toContractText('a')], { fence, head });
    same(answer, { type: 'refused', reason: 'conflict' }, 'the refusal');
    await say(session, ['a'], { fence });
  }),

  createStoreCheck('the fence is checked before the key', async ({ log, create, claim, say, advance }) => {
    const session = await create();
    const key = { id: 'k', digest: 'd' };
    const stale = { ...(await claim(session, 100)), n: 1 };
    await say(session, ['a'], { key });
    advance(200);
    await claim(session);
    same(
      await log.append(session, [toContractText('a')], { fence: stale, key }),
      fenced,
      'a stale fence with a used key',
    );
  }),

  createStoreCheck(
    'an expired lease admits appends until another claim',
    async ({ log, create, claim, say, advance }) => {
      const session = await create();
      const fence = await claim(session, 100);
      advance(100_000);
      await say(session, ['a'], { fence: { ...fence, n: 1 } });
      await claim(session);
      same(
        await log.append(session, [toContractText('b')], { fence: { ...fence, n: 2 } }),
        fenced,
        'the answer after the claim',
      );
    },
  ),

  createStoreCheck(
    'an append under a released lease is fenced',
    async ({ log, leases, create, claim, say }) => {
      const session = await create();
      const fence = { ...(await claim(session)), n: 1 };
      await say(session, ['a'], { fence });
      same(await leases.release(fence), true, 'the release');
      for (const n of [1, 2])
        same(await log.append(session, [toContractText('b')], { fence: { ...fence, n } }), fenced, `n ${n}`);
      await say(session, ['without a fence']);
    },
  ),

  createStoreCheck(
    'an append under a fence is missing after the session was dropped',
    async ({ log, create, claim }) => {
      const session = await create();
      const fence = { ...(await claim(session)), n: 1 };
      await log.drop(session);
      const missing = { type: 'refused', reason: 'missing' };
      same(await log.append(session, [toContractText('a')], { fence }), missing, 'the answer');
      const head = { was: 0, now: toNextHead() };
      same(
        await log.append(session, [toContractText('a')], { fence, head }),
        missing,
        'the answer to a creation',
      );
      same(
        await log.append('never', [toContractText('a')], { fence, head }),
        missing,
        'a creation under a fence',
      );
    },
  ),
];
