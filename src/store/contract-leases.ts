import { createStoreCheck, same, toNextHead } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

/** Checks of leases and of due sessions. */
export const leaseChecks: readonly StoreCheck[] = [
  createStoreCheck('a lease has one holder until it expires', async ({ leases, create, claim, advance }) => {
    const session = await create();
    const first = await claim(session, 1_000);
    for (const node of ['node', 'other'])
      same(await leases.claim(session, node, 1_000), undefined, `a claim of ${node}`);
    advance(999);
    same(await leases.claim(session, 'other', 1_000), undefined, 'a claim just before it expires');
    advance(1);
    const second = await claim(session);
    same([first.epoch, second.epoch], [1, 2], 'the epochs');
  }),

  createStoreCheck(
    'a clock that is set back does not block a session',
    async ({ leases, create, claim, advance }) => {
      const session = await create({ dueAt: 0 });
      await claim(session, 10_000);
      advance(-7_200_000);
      same(await leases.due(9), [session], 'what is due');
      await claim(session, 10_000);
      same(await leases.due(9), [], 'what is due while it is held');
    },
  ),

  createStoreCheck('one of many concurrent claims wins', async ({ leases, create }) => {
    const session = await create();
    const claims = Array.from({ length: 20 }, (_, index) => leases.claim(session, `node${index}`, 1_000));
    same((await Promise.all(claims)).filter((fence) => fence !== undefined).length, 1, 'how many won');
  }),

  createStoreCheck('a session that does not exist cannot be claimed', async ({ log, leases, create }) => {
    same(await leases.claim('never', 'node', 1_000), undefined, 'a claim of what never was');
    const session = await create();
    await log.drop(session);
    same(await leases.claim(session, 'node', 1_000), undefined, 'a claim of what was dropped');
  }),

  createStoreCheck('a renewed lease is held for longer', async ({ leases, create, claim, advance }) => {
    const session = await create();
    const fence = await claim(session, 1_000);
    for (let round = 0; round < 3; round += 1) {
      advance(900);
      same(await leases.renew(fence, 1_000), true, 'the renewal');
    }
    advance(999);
    same(await leases.claim(session, 'other', 1_000), undefined, 'a claim of another');
  }),

  createStoreCheck(
    'a lost lease cannot be renewed or released',
    async ({ log, leases, create, claim, advance }) => {
      const session = await create();
      const lost = await claim(session, 1_000);
      advance(1_000);
      const fence = await claim(session, 1_000);
      same(
        [await leases.renew(lost, 9_000), await leases.release(lost)],
        [false, false],
        'what the loser is told',
      );
      same(await leases.claim(session, 'third', 1_000), undefined, 'a claim of a third');
      same(await leases.renew({ ...fence, nonce: 'foreign' }, 9_000), false, 'a renewal with another nonce');
      await log.drop(session);
      same(
        [await leases.renew(fence, 1_000), await leases.release(fence)],
        [false, false],
        'what is told after a drop',
      );
    },
  ),

  createStoreCheck(
    'an expired lease can be renewed until another claim',
    async ({ leases, create, claim, advance }) => {
      const session = await create();
      const fence = await claim(session, 1_000);
      advance(60_000);
      same(await leases.renew(fence, 1_000), true, 'the renewal');
      same(await leases.claim(session, 'other', 1_000), undefined, 'a claim of another');
    },
  ),

  createStoreCheck('a released lease is free at once', async ({ leases, create, claim }) => {
    const session = await create();
    const fence = await claim(session);
    same(await leases.release(fence), true, 'the release');
    same(
      [await leases.release(fence), await leases.renew(fence, 1_000)],
      [false, false],
      'what is told afterwards',
    );
    same((await claim(session)).epoch, 2, 'the next epoch');
  }),

  createStoreCheck(
    'a lease is not released if the head has moved on',
    async ({ leases, create, claim, say }) => {
      const session = await create();
      const fence = await claim(session);
      const { version } = await say(session, ['a message'], {
        head: { was: 1, now: toNextHead({ dueAt: 0 }) },
      });
      same(await leases.release(fence, 1), false, 'the release under the old head');
      same(await leases.claim(session, 'other', 1_000), undefined, 'a claim of another');
      await say(session, ['a'], { fence: { ...fence, n: 1 } });
      same(await leases.release(fence, version), true, 'the release under the new head');
    },
  ),

  createStoreCheck(
    'sessions with work and without a live lease are due',
    async ({ log, leases, create, claim, say, advance }) => {
      const session = await create({ dueAt: 0 });
      await create();
      same(await leases.due(9), [session], 'what is due');
      const fence = await claim(session, 1_000);
      same(await leases.due(9), [], 'what is due while it is held');
      advance(1_000);
      same(await leases.due(9), [session], 'what is due once it has expired');
      await leases.renew(fence, 1_000);
      await leases.release(fence);
      same(await leases.due(9), [session], 'what is due once it is given back');
      await say(session, [], { head: { was: 1, now: toNextHead() } });
      same(await leases.due(9), [], 'what is due once the work is done');
      await say(session, [], { head: { was: 2, now: toNextHead({ dueAt: 0 }) } });
      await log.drop(session);
      same(await leases.due(9), [], 'what is due once it is dropped');
    },
  ),

  createStoreCheck(
    'a session is due from its time on, and not before',
    async ({ leases, create, say, now, advance }) => {
      const session = await create({ dueAt: now() + 1_000 });
      advance(999);
      same(await leases.due(9), [], 'what is due just before');
      advance(1);
      same(await leases.due(9), [session], 'what is due at the time');
      await say(session, [], { head: { was: 1, now: toNextHead({ dueAt: now() + 1_000 }) } });
      same(await leases.due(9), [], 'what is due once it was put off');
      advance(1_000);
      same(await leases.due(9), [session], 'what is due at the new time');
      await say(session, ['a']);
      same(await leases.due(9), [session], 'what is due after an append without a head');
    },
  ),

  createStoreCheck(
    'due sessions are sorted by time, for any order of writes',
    async ({ leases, create, say, claim, now }) => {
      const [third, first, second, fourth] = [
        await create({ dueAt: now() - 10 }),
        await create({ dueAt: now() - 30.5 }),
        await create({ dueAt: now() - 30 }),
        await create({ dueAt: 0 }),
      ];
      same(await leases.due(9), [fourth, first, second, third], 'what is due');
      same(await leases.due(2), [fourth, first], 'the first two');
      await say(fourth, [], { head: { was: 1, now: toNextHead({ dueAt: now() }) } });
      same(await leases.due(9), [first, second, third, fourth], 'what is due once one has another time');
      await claim(first);
      same(await leases.due(2), [second, third], 'the first two of those that nobody holds');
    },
  ),

  createStoreCheck('sessions that are due at the same time keep their order', async ({ leases, create }) => {
    for (let index = 0; index < 5; index += 1) await create({ dueAt: 7 });
    const due = await leases.due(9);
    same([due.length, await leases.due(3)], [5, due.slice(0, 3)], 'how many are due, and the first of them');
    same(await leases.due(9), due, 'what is due when it is asked again');
  }),

  createStoreCheck(
    'many later sessions do not hide the due ones',
    async ({ leases, create, now, advance }) => {
      const start = now();
      const later = await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          create({ kind: 'once', dueAt: start + 1 + ((index * 7) % 500) }),
        ),
      );
      const due = await create({ dueAt: start });
      same(await leases.due(9), [due], 'what is due');
      advance(3);
      const times = [0, 1, 2].map((time) => later.findIndex((_, index) => (index * 7) % 500 === time));
      same(await leases.due(9), [due, ...times.map((index) => later[index])], 'what is due a little later');
    },
  ),
];
