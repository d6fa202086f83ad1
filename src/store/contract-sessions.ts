import type { ListedSession, ListPlace } from '../log/index.ts';
import { createStoreCheck, same, toNextHead } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

/** Checks of the session index. */
export const sessionChecks: readonly StoreCheck[] = [
  createStoreCheck(
    'a list holds the sessions of its owner, last active first',
    async ({ store, create, say, advance }) => {
      const names: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        names.unshift(await create({ title: `${index}` }));
        await create({ owner: 'another' });
        advance(10);
      }
      const listed = await store.sessions.list('owner', { limit: 10 });
      same(
        listed.map(({ session }) => session),
        names,
        'the sessions',
      );
      same(
        listed.map(({ head }) => [head.title, head.version]),
        [
          ['4', 1],
          ['3', 1],
          ['2', 1],
          ['1', 1],
          ['0', 1],
        ],
        'the heads',
      );
      const oldest = names.pop() ?? '';
      await say(oldest, ['a'], { head: { was: 1, now: toNextHead({ activeAt: 1_700_000_009_000 }) } });
      const again = await store.sessions.list('owner', { limit: 10 });
      same(
        again.map(({ session }) => session),
        [oldest, ...names],
        'the sessions once the oldest was active',
      );
    },
  ),

  createStoreCheck(
    'a list leaves out dropped sessions and those of one-shot streams',
    async ({ store, log, create }) => {
      const kept = await create();
      await create({ kind: 'once' });
      await log.drop(await create());
      const listed = await store.sessions.list('owner', { limit: 10 });
      same(
        listed.map(({ session }) => session),
        [kept],
        'the sessions',
      );
      same(await store.sessions.list('nobody', { limit: 10 }), [], 'the sessions of nobody');
    },
  ),

  createStoreCheck(
    'an outbox is in no list, keeps its post as it is, and is due like a session',
    async ({ store: { sessions, leases }, log, create, page }) => {
      const post = { of: 's', news: 1, text: '{"a":"\\u0000 \ud83d 🧵"}' };
      const outbox = await create({ owner: '', kind: 'outbox', post, dueAt: 0 });
      const session = await create({ outbox: { session: outbox, hasNews: true } });
      same(await sessions.list('', { limit: 10 }), [], 'the list of no owner');
      same((await page(outbox)).head.post, post, 'the post');
      same((await page(session)).head.outbox, { session: outbox, hasNews: true }, 'the link to it');
      same(await leases.due(10), [outbox], 'the sessions that are due');
      await log.drop(outbox);
      same(await leases.due(10), [], 'the sessions that are due once it is dropped');
    },
  ),

  createStoreCheck('a list is paged without missing one', async ({ store, create, log }) => {
    const made: string[] = [];
    for (const activeAt of [1, 2, 3, 3, 3, 3, 4, 5.5]) made.unshift(await create({ activeAt }));
    const whole = await store.sessions.list('owner', { limit: 100 });
    same(
      whole.map(({ session, head }) => [head.activeAt, session]),
      whole
        .map(({ session, head }): [number, string] => [head.activeAt, session])
        .toSorted(([one, a], [other, b]) => other - one || (a < b ? 1 : -1)),
      'the order: the last active first, then by id',
    );
    const placeOf = (listed: ListedSession | undefined): ListPlace | undefined =>
      listed && { activeAt: listed.head.activeAt, session: listed.session };
    for (const limit of [1, 2, 3, 100]) {
      const found: string[] = [];
      let before: ListPlace | undefined;
      for (;;) {
        const page = await store.sessions.list('owner', before === undefined ? { limit } : { limit, before });
        same(page.length <= limit, true, `whether a page of ${limit} has no more than that`);
        if (page.length === 0) break;
        found.push(...page.map(({ session }) => session));
        before = placeOf(page[page.length - 1]);
      }
      same(found.toSorted(), made.toSorted(), `the sessions found by ${limit}`);
    }
    same(await store.sessions.list('owner', { limit: 0 }), [], 'a page of none');
    const below = await store.sessions.list('owner', { limit: 9, before: { activeAt: 3 } });
    same(
      below.map(({ head }) => head.activeAt),
      [2, 1],
      'the sessions that were active before a time',
    );
    // The session that a page ended with may be gone when the next one is asked for.
    const gone = whole[3];
    await log.drop(gone?.session ?? '');
    const before = placeOf(gone);
    const rest = await store.sessions.list(
      'owner',
      before === undefined ? { limit: 9 } : { limit: 9, before },
    );
    same(
      rest.map(({ session }) => session),
      whole.slice(4).map(({ session }) => session),
      'the sessions after one that was dropped',
    );
  }),

  createStoreCheck(
    'due lists due sessions, held or not, earliest first, without dropped and later ones',
    async ({ store, log, create, claim, advance, now }) => {
      const due = async (owner?: string) =>
        (await store.sessions.due({ limit: 10, ...(owner !== undefined && { owner }) })).map(
          ({ session }) => session,
        );
      await create();
      const later = await create({ dueAt: now() + 1_000 });
      const second = await create({ dueAt: now() - 1, kind: 'once' });
      const first = await create({ dueAt: 0, owner: 'another' });
      await log.drop(await create({ dueAt: 0 }));
      await claim(first);
      same(await due(), [first, second], 'the sessions that are due');
      same(await due('another'), [first], 'those of one owner');
      same(await due('nobody'), [], 'those of nobody');
      const [found] = await store.sessions.due({ limit: 1 });
      same([found?.session, found?.head.owner], [first, 'another'], 'the first, with its head');
      advance(1_000);
      same(await due(), [first, second, later], 'the sessions a second later');
    },
  ),

  createStoreCheck(
    'owners that differ in half a surrogate pair, or in case, differ',
    async ({ store, create }) => {
      const owners = ['\ud800', '\ud801', '\ufffd', 'a', 'A', 'a\u0000', ''];
      for (const owner of owners) await create({ owner });
      for (const owner of owners) {
        const listed = await store.sessions.list(owner, { limit: 10 });
        same(
          listed.map(({ head }) => head.owner),
          [owner],
          `whose sessions ${JSON.stringify(owner)} is shown`,
        );
      }
    },
  ),
];
