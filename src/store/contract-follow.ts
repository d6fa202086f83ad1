import type { Entry } from '../protocol/index.ts';
import {
  createStoreCheck,
  same,
  toNextHead,
  toContractState,
  toContractText,
  toTexts,
} from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';
import { follow } from '../log/index.ts';

/** Checks of `watch` and `follow`: a follower gets the existing entries and then the new ones. */
export const followChecks: readonly StoreCheck[] = [
  createStoreCheck(
    'a watcher is woken by an append to its session until it stops',
    async ({ log, create, say }) => {
      const [session, other] = [await create(), await create()];
      const woken = { here: 0, there: 0 };
      const hint = Promise.withResolvers<void>();
      const stop = log.watch(session, () => {
        woken.here += 1;
        hint.resolve();
      });
      const stopOther = log.watch(other, () => {
        woken.there += 1;
      });
      await say(session, ['a']);
      await hint.promise;
      stop();
      stop();
      const before = woken.here;
      await say(session, ['b']);
      await log.read(session, undefined, 0);
      same([woken.here, woken.there], [before, 0], 'how often each was woken');
      stopOther();
    },
  ),

  createStoreCheck(
    'a hint with a version has the head’s version at the append',
    async ({ log, create, say }) => {
      const session = await create();
      const told: (number | undefined)[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = log.watch(session, (version) => {
        told.push(version);
        if (version === undefined || version === 2) resolve();
      });
      await say(session, ['a']);
      await log.append(session, [], { head: { was: 1, now: toNextHead() } });
      await promise;
      stop();
      same(
        told.filter((version) => version !== undefined && version !== 1 && version !== 2),
        [],
        'other versions',
      );
    },
  ),

  createStoreCheck(
    'a hint with entries has those of one append, as the log has them, and not before the log',
    async ({ log, create, say }) => {
      const session = await create();
      const hints: (readonly Entry[])[] = [];
      const reads: ReturnType<typeof log.read>[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = log.watch(session, (version, entries = []) => {
        if (version === undefined || version === 2) resolve();
        if (entries.length === 0) return;
        hints.push(entries);
        reads.push(log.read(session, entries.at(-1)?.id, 1));
      });
      const { entries: first } = await say(session, ['a', 'b']);
      const { entries: second } = await say(session, ['c']);
      await log.append(session, [], { head: { was: 1, now: toNextHead() } });
      await promise;
      stop();
      for (const hint of hints)
        same(
          [first, second].find(([entry]) => entry?.id === hint[0]?.id),
          hint,
          'the entries of a hint',
        );
      for (const page of await Promise.all(reads)) same(page.type, 'page', 'what the log has after them');
    },
  ),

  createStoreCheck(
    'a follower gets the existing and the new entries, each once and in order',
    async ({ log, create, say }) => {
      const session = await create();
      await say(session, ['0', '1', '2']);
      const abort = new AbortController();
      const texts: string[] = [];
      const writing = (async () => {
        for (let index = 3; index < 200; index += 1) await say(session, [`${index}`]);
      })();
      for await (const page of follow(log, session, { signal: abort.signal, pageSize: 7 })) {
        if (page.type === 'page') texts.push(...toTexts(page.entries));
        if (texts.length >= 200) abort.abort();
      }
      await writing;
      same(
        texts,
        Array.from({ length: 200 }, (_, index) => `${index}`),
        'the texts',
      );
    },
  ),

  createStoreCheck('a page of a follower has the head at that time', async ({ log, create, say }) => {
    const session = await create();
    const pages = follow(log, session, { signal: new AbortController().signal });
    const texts: string[] = [];
    let before = 0;
    for (let version = 1; version < 12; version += 1) {
      // Every third append leaves the head unchanged.
      const head = { was: before, now: toNextHead({ title: `${version}` }) };
      const said = await say(session, [`${version}`], before > 0 && version % 3 > 0 ? { head } : {});
      before = said.version;
      while (texts.at(-1) !== `${version}`) {
        const page = (await pages.next()).value;
        if (page?.type !== 'page') throw new Error('The follower has ended.');
        texts.push(...toTexts(page.entries));
        same(page.head.version, said.version, `the version with entry ${version}`);
      }
    }
    same(texts.length, 11, 'the number of texts');
    await pages.return();
  }),

  createStoreCheck('followers that start at any time see the same', async ({ log, create, say }) => {
    const session = await create();
    const abort = new AbortController();
    const run = async (after: string | undefined): Promise<readonly Entry[]> => {
      const entries: Entry[] = [];
      for await (const page of follow(log, session, { after, signal: abort.signal, pageSize: 3 })) {
        if (page.type !== 'page') break;
        entries.push(...page.entries);
        if (toTexts(page.entries).includes('end')) break;
      }
      return entries;
    };
    const followers = [run(undefined)];
    for (let index = 0; index < 30; index += 1) {
      const { entries } = await say(session, [`${index}`, `${index}+`]);
      if (index % 5 === 0) followers.push(run(entries[index % 2]?.id));
    }
    await say(session, ['end']);
    const [all = [], ...others] = await Promise.all(followers);
    same(all.length, 62, 'the number of entries');
    for (const entries of others) same(entries, all.slice(-entries.length), 'what a later follower saw');
    same(
      others.map(({ length }) => length),
      [60, 49, 40, 29, 20, 9],
      'how much each saw',
    );
  }),

  createStoreCheck('an abort stops a waiting follower at once', async ({ log, create }) => {
    const session = await create();
    const abort = new AbortController();
    const pages = follow(log, session, { signal: abort.signal });
    await pages.next();
    const waiting = pages.next();
    abort.abort();
    same(await waiting, { done: true, value: undefined }, 'what it yields then');
    const late = follow(log, session, { signal: abort.signal });
    same((await late.next()).done, true, 'whether one that starts late is done');
  }),

  createStoreCheck('a follower gets missing or gone once', async ({ log, create, say }) => {
    const signal = new AbortController().signal;
    const all = async (session: string, after?: string): Promise<readonly unknown[]> => {
      const pages: unknown[] = [];
      for await (const page of follow(log, session, { after, signal })) pages.push(page);
      return pages;
    };
    same(await all('never'), [{ type: 'missing' }], 'what is told of a session that never was');
    const session = await create();
    const { entries } = await say(session, ['a', 'b']);
    same(
      await all(session, '2-AAAAAA'),
      [{ type: 'gone', reason: 'unknown' }],
      'what is told after an unknown id',
    );
    same(
      await all(session, '9-AAAAAA'),
      [{ type: 'gone', reason: 'beyond' }],
      'what is told after an id beyond',
    );
    await log.trim(session, entries[1]?.id ?? '', toContractState(session));
    same(
      await all(session, entries[0]?.id),
      [{ type: 'gone', reason: 'trimmed' }],
      'what is told after a trimmed id',
    );
  }),

  createStoreCheck(
    'a follower of a trimmed log gets the base and continues',
    async ({ log, create, say }) => {
      const session = await create();
      const { entries } = await say(session, ['a', 'b']);
      await log.trim(session, entries[1]?.id ?? '', toContractState(session));
      const abort = new AbortController();
      const pages = follow(log, session, { signal: abort.signal });
      const first = (await pages.next()).value;
      same(first?.type === 'page' && first.base?.last, entries[1]?.id, 'where the base ends');
      const next = pages.next();
      await say(session, ['c']);
      const second = (await next).value;
      same(second?.type === 'page' && toTexts(second.entries), ['c'], 'what comes then');
      await pages.return();
    },
  ),

  createStoreCheck('a waiting follower gets missing when its session is dropped', async ({ log, create }) => {
    const session = await create();
    const pages = follow(log, session, { signal: new AbortController().signal });
    await pages.next();
    const waiting = pages.next();
    await log.drop(session);
    same((await waiting).value, { type: 'missing' }, 'what it is told');
    same((await pages.next()).done, true, 'whether it is done');
  }),

  createStoreCheck('a read after an append sees its entries', async ({ log, create, page }) => {
    const session = await create();
    const appends = Array.from({ length: 50 }, async (_, index) => {
      const answer = await log.append(session, [toContractText(`${index}`)]);
      const read = await page(session);
      const id = answer.type === 'appended' ? answer.entries[0]?.id : undefined;
      same(
        read.entries.some((entry) => entry.id === id),
        true,
        `whether entry ${id} is there`,
      );
    });
    await Promise.all(appends);
    await log.append(session, [], { head: { was: 1, now: toNextHead({ title: 'new' }) } });
    same((await page(session)).head.title, 'new', 'the title');
  }),
];
