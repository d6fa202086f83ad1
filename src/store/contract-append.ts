import { createStoreCheck, same, toNextHead, toContractText, toTexts } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

const surrogates = 'half \ud83d and \udc00, \ud83d\ude00 whole';

/** Checks of appends, of the head that they replace, and of what the log keeps. */
export const appendChecks: readonly StoreCheck[] = [
  createStoreCheck('an append with head version 0 creates a session', async ({ log }) => {
    const now = toNextHead({ title: 'hello', activeAt: 5 });
    const made = await log.append('s', [toContractText('a')], { head: { was: 0, now } });
    same(made.type === 'appended' && made.version, 1, 'the version');
    const page = await log.read('s', undefined, 10);
    same(page.type === 'page' && page.head, { ...now, version: 1 }, 'the head');
  }),

  createStoreCheck('a second creation of a session is a conflict', async ({ log, create, page }) => {
    const session = await create();
    const again = await log.append(session, [toContractText('a')], { head: { was: 0, now: toNextHead() } });
    same(again, { type: 'refused', reason: 'conflict' }, 'the second creation');
    same((await page(session)).entries.length, 1, 'the number of entries');
  }),

  createStoreCheck('an append to a session that does not exist is missing', async ({ log }) => {
    const missing = { type: 'refused', reason: 'missing' };
    same(await log.append('s', [toContractText('a')]), missing, 'without a head');
    const head = { was: 1, now: toNextHead() };
    same(await log.append('s', [toContractText('a')], { head }), missing, 'with a head');
    const key = { id: 'k', digest: 'd' };
    same(await log.append('s', [toContractText('a')], { key }), missing, 'with a key');
    same(await log.read('s', undefined, 10), { type: 'missing' }, 'the read');
  }),

  createStoreCheck(
    'an append with the current head version replaces the head and raises the version',
    async ({ create, say, page }) => {
      const session = await create();
      for (const was of [1, 2, 3]) {
        const now = toNextHead({ activeAt: was, queue: [{ message: `m${was}`, turn: 't' }] });
        same((await say(session, ['a'], { head: { was, now } })).version, was + 1, 'the version');
        same((await page(session)).head, { ...now, version: was + 1 }, 'the head');
      }
    },
  ),

  createStoreCheck(
    'an append with another head version is a conflict and writes nothing',
    async ({ log, create, page }) => {
      const session = await create();
      for (const was of [2, 7]) {
        const head = { was, now: toNextHead({ title: 'wrong' }) };
        const answer = await log.append(session, [toContractText('a')], {
          head,
          key: { id: 'k', digest: 'd' },
        });
        same(answer, { type: 'refused', reason: 'conflict' }, 'the answer');
      }
      const { head, entries } = await page(session);
      same([head.version, head.title, entries.length], [1, undefined, 1], 'what is kept');
      const key = { id: 'k', digest: 'other' };
      same(
        (await log.append(session, [], { key })).type,
        'appended',
        'a use of the key, which is still free',
      );
    },
  ),

  createStoreCheck('one of many appends with the same head version wins', async ({ log, create, page }) => {
    const session = await create();
    for (const was of [1, 2, 3]) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          log.append(session, [toContractText(`${index}`)], { head: { was, now: toNextHead() } }),
        ),
      );
      const won = answers.filter(({ type }) => type === 'appended');
      const lost = answers.filter((answer) => answer.type === 'refused' && answer.reason === 'conflict');
      same([won.length, lost.length], [1, 19], 'how many won and lost');
    }
    same((await page(session)).entries.length, 4, 'the number of entries');
  }),

  createStoreCheck('an append without a head keeps the head', async ({ create, say, page }) => {
    const session = await create({ title: 'kept' });
    same((await say(session, ['a', 'b'])).version, 1, 'the version');
    same((await page(session)).head.title, 'kept', 'the title');
  }),

  createStoreCheck('an append without events may replace the head', async ({ log, create, say, page }) => {
    const session = await create();
    const answer = await log.append(session, [], { head: { was: 1, now: toNextHead({ title: 'new' }) } });
    same(answer, { type: 'appended', entries: [], version: 2 }, 'the answer');
    const { head, entries } = await page(session);
    same([head.title, entries.length], ['new', 1], 'what is kept');
    same(
      (await say(session, ['a'])).entries[0]?.id.startsWith('2-'),
      true,
      'whether the next entry is the second',
    );
  }),

  createStoreCheck(
    'entries are counted from 1 without gaps, with one tag per append',
    async ({ create, say, page }) => {
      const session = await create();
      const appends = await Promise.all(
        [['a'], ['b', 'c'], ['d'], ['e', 'f', 'g']].map((texts) => say(session, texts)),
      );
      const { entries } = await page(session);
      same(
        entries.map(({ id }) => Number(id.split('-')[0])),
        [1, 2, 3, 4, 5, 6, 7, 8],
        'the places',
      );
      const tags = appends.map((answer) => new Set(answer.entries.map(({ id }) => id.split('-')[1])));
      same(
        tags.map(({ size }) => size),
        [1, 1, 1, 1],
        'the number of tags in each append',
      );
      const all = new Set(tags.flatMap((each) => [...each]));
      same(
        [...all].every((tag) => /^[A-Za-z0-9]{6}$/.test(tag ?? '')),
        true,
        'whether tags are 6 letters or digits',
      );
      same(all.size, 4, 'the number of different tags');
      same(
        entries.slice(1),
        appends.flatMap((answer) => answer.entries),
        'what is read',
      );
    },
  ),

  createStoreCheck(
    'an append and every read return the same entry',
    async ({ create, say, page, advance }) => {
      const session = await create();
      advance(1_234);
      const { entries } = await say(session, ['a', 'b']);
      advance(1_234);
      same((await page(session)).entries.slice(1), entries, 'what is read');
      same(entries[0]?.at, 1_700_000_001_234, 'the time');
    },
  ),

  createStoreCheck('any text is read back as it was appended', async ({ create, say, page }) => {
    const session = await create({ owner: surrogates, title: `\u0000${surrogates}` });
    const long = 'x'.repeat(900_000);
    const texts = ['', '\u0000', 'a\u0000b', surrogates, '\r\n\u2028\ufeff', '日本語 🧵', '"\\', long];
    await say(session, texts);
    for (const text of [long, 'after', long, long]) await say(session, [text]);
    const { entries, head } = await page(session);
    const read = toTexts(entries);
    texts.push(long, 'after', long, long);
    same(
      texts.findIndex((text, index) => read[index] !== text),
      -1,
      'the first text that differs',
    );
    same([head.owner, head.title], [surrogates, `\u0000${surrogates}`], 'what is read of the head');
  }),

  createStoreCheck('any JSON is read back as it was appended', async ({ log, create, page }) => {
    const session = await create();
    const data = { deep: [[{ a: null, b: [1, -0.5, 1e300, true] }], {}, []], '': '', constructor: 1 };
    await log.append(session, [{ type: 'custom', turn: 't', name: 'n', data, agent: ['outer', 'inner'] }]);
    const event = (await page(session)).entries[1]?.event;
    same(event, { type: 'custom', turn: 't', name: 'n', data, agent: ['outer', 'inner'] }, 'the event');
  }),

  createStoreCheck(
    'a change of an object after its append does not change the log',
    async ({ log, create, page }) => {
      const data = { list: [1] };
      const head = { ...toNextHead(), queue: [{ message: 'm', turn: 't' }] };
      const session = await create();
      const events = [{ type: 'custom', turn: 't', name: 'n', data } as const];
      const answered = log.append(session, events, { head: { was: 1, now: head } });
      data.list.push(2);
      head.queue.pop();
      events.pop();
      await answered;
      data.list.push(3);
      const kept = await page(session);
      const event = kept.entries[1]?.event;
      same(event?.type === 'custom' && event.data, { list: [1] }, 'the event');
      same(kept.head.queue.length, 1, 'the queue');
    },
  ),

  createStoreCheck('a value that cannot be read back is not written', async ({ log, create, page }) => {
    const session = await create();
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const data of [cycle, 1n]) {
      const answered = log.append(session, [
        toContractText('a'),
        { type: 'custom', turn: 't', name: 'n', data },
      ]);
      const error = await answered.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      same(error instanceof TypeError, true, 'whether it is refused with a TypeError');
    }
    same((await page(session)).entries.length, 1, 'the number of entries');
  }),
];
