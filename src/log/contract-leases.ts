import { check, same, toNextHead } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

/** Leases, and what is due. */
export const leaseChecks: readonly StoreCheck[] = [
  check('a lease is held by one until it expires', async ({ leases, create, claim, advance }) => {
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

  check('of many claims at once one wins', async ({ leases, create }) => {
    const session = await create();
    const claims = Array.from({ length: 20 }, (_, index) => leases.claim(session, `node${index}`, 1_000));
    same((await Promise.all(claims)).filter((fence) => fence !== undefined).length, 1, 'how many won');
  }),

  check('a session that is not there cannot be claimed', async ({ log, leases, create }) => {
    same(await leases.claim('never', 'node', 1_000), undefined, 'a claim of what never was');
    const session = await create();
    await log.drop(session);
    same(await leases.claim(session, 'node', 1_000), undefined, 'a claim of what was dropped');
  }),

  check('a renewed lease is held for longer', async ({ leases, create, claim, advance }) => {
    const session = await create();
    const fence = await claim(session, 1_000);
    for (let round = 0; round < 3; round += 1) {
      advance(900);
      same(await leases.renew(fence, 1_000), true, 'the renewal');
    }
    advance(999);
    same(await leases.claim(session, 'other', 1_000), undefined, 'a claim of another');
  }),

  check(
    'a lease that was lost cannot be renewed or given back',
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

  check(
    'a lease that has expired can be renewed until somebody claims it',
    async ({ leases, create, claim, advance }) => {
      const session = await create();
      const fence = await claim(session, 1_000);
      advance(60_000);
      same(await leases.renew(fence, 1_000), true, 'the renewal');
      same(await leases.claim(session, 'other', 1_000), undefined, 'a claim of another');
    },
  ),

  check('a lease that is given back is free at once', async ({ leases, create, claim }) => {
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

  check('a lease is not given back where the head has moved on', async ({ leases, create, claim, say }) => {
    const session = await create();
    const fence = await claim(session);
    const { version } = await say(session, ['a message'], {
      head: { was: 1, now: toNextHead({ due: true }) },
    });
    same(await leases.release(fence, 1), false, 'the release under the old head');
    same(await leases.claim(session, 'other', 1_000), undefined, 'a claim of another');
    await say(session, ['a'], { fence: { ...fence, n: 1 } });
    same(await leases.release(fence, version), true, 'the release under the new head');
  }),

  check(
    'sessions with work and without a live lease are due',
    async ({ log, leases, create, claim, say, advance }) => {
      const session = await create({ due: true });
      await create();
      same(await leases.due(9), [session], 'what is due');
      const fence = await claim(session, 1_000);
      same(await leases.due(9), [], 'what is due while it is held');
      advance(1_000);
      same(await leases.due(9), [session], 'what is due once it has expired');
      await leases.renew(fence, 1_000);
      await leases.release(fence);
      same(await leases.due(9), [session], 'what is due once it is given back');
      await say(session, [], { head: { was: 1, now: toNextHead({ due: false }) } });
      same(await leases.due(9), [], 'what is due once the work is done');
      await say(session, [], { head: { was: 2, now: toNextHead({ due: true }) } });
      await log.drop(session);
      same(await leases.due(9), [], 'what is due once it is dropped');
    },
  ),

  check('who waits longest is due first', async ({ leases, create, say, advance }) => {
    const sessions: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      sessions.push(await create({ due: true }));
      advance(10);
    }
    same(await leases.due(9), sessions, 'what is due');
    same(await leases.due(2), sessions.slice(0, 2), 'the first two');
    const [first = '', second = '', ...others] = sessions;
    // Another message does not cost the first its place; work that was done and comes again does.
    await say(first, [], { head: { was: 1, now: toNextHead({ due: true, activeAt: 9e15 }) } });
    await say(second, [], { head: { was: 1, now: toNextHead({ due: false }) } });
    advance(10);
    await say(second, [], { head: { was: 2, now: toNextHead({ due: true }) } });
    same(await leases.due(9), [first, ...others, second], 'what is due then');
  }),
];
