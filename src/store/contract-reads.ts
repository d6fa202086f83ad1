import type { Entry } from '../protocol/index.ts';
import {
  createStoreCheck,
  same,
  toNextHead,
  toContractState,
  toContractText,
  toTexts,
} from './contract-check.ts';
import type { Bench, StoreCheck } from './contract-check.ts';

const gone = (reason: string): unknown => ({ type: 'gone', reason });

/** Creates a session with entries 1 to 6. Entries 2 to 6 come from three appends. */
async function write({
  create,
  say,
}: Bench): Promise<{ session: string; ids: readonly string[]; all: readonly Entry[] }> {
  const session = await create();
  const said = [await say(session, ['2', '3']), await say(session, ['4', '5']), await say(session, ['6'])];
  const all = said.flatMap(({ entries }) => entries);
  return { session, all, ids: ['', '', ...all.map(({ id }) => id)] };
}

/** Checks of reads, ids, trims and drops. */
export const readChecks: readonly StoreCheck[] = [
  createStoreCheck('a read continues after any entry', async (bench) => {
    const { session, ids, all } = await write(bench);
    for (const seq of [2, 3, 4, 5, 6]) {
      const page = await bench.log.read(session, ids[seq], 100);
      same(page.type === 'page' && page.entries, all.slice(seq - 1), `what comes after entry ${seq}`);
    }
  }),

  createStoreCheck('a read returns at most its limit, and the next one continues there', async (bench) => {
    const { session, all } = await write(bench);
    for (const limit of [1, 2, 3, 5, 6, 7]) {
      const read: Entry[] = [];
      for (;;) {
        const page = await bench.log.read(session, read[read.length - 1]?.id, limit);
        if (page.type !== 'page' || page.entries.length === 0) break;
        same(page.entries.length <= limit, true, `whether a page has at most ${limit}`);
        read.push(...page.entries);
      }
      same(read.slice(1), all, `what is read by ${limit}`);
    }
  }),

  createStoreCheck('a page marks the end of the log', async (bench) => {
    const { session, ids } = await write(bench);
    for (const [after, limit] of [
      [undefined, 5],
      [ids[2], 3],
    ] as const) {
      const page = await bench.log.read(session, after, limit);
      same(page.type === 'page' && page.end, undefined, `the end after ${after} with ${limit}`);
    }
    for (const [after, limit] of [
      [undefined, 100],
      [ids[3], 4],
      [ids[6], 1],
    ] as const) {
      const page = await bench.log.read(session, after, limit);
      same(page.type === 'page' && page.end, true, `the end after ${after} with ${limit}`);
    }
  }),

  createStoreCheck('a long log is read page by page', async ({ log, create, say }) => {
    const session = await create();
    for (let part = 0; part < 40; part += 1) {
      await say(
        session,
        Array.from({ length: 25 }, (_, index) => `${part * 25 + index}`),
      );
    }
    const texts: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await log.read(session, after, 99);
      if (page.type !== 'page' || page.entries.length === 0) break;
      texts.push(...toTexts(page.entries));
      after = page.entries[page.entries.length - 1]?.id;
    }
    same(
      texts,
      Array.from({ length: 1_000 }, (_, index) => `${index}`),
      'the texts',
    );
  }),

  createStoreCheck('a read with limit 0 returns only the head', async (bench) => {
    const { session, ids } = await write(bench);
    for (const after of [undefined, ids[3], ids[6]]) {
      const page = await bench.log.read(session, after, 0);
      same(page.type === 'page' && [page.entries, page.head.version], [[], 1], 'the page');
    }
    await bench.log.trim(session, ids[4] ?? '', toContractState(session));
    const page = await bench.log.read(session, undefined, 0);
    same(
      page.type === 'page' && [page.entries.length, page.base],
      [0, undefined],
      'the page of a trimmed log',
    );
  }),

  createStoreCheck('an id with another tag is unknown', async (bench) => {
    const { session, ids } = await write(bench);
    const other = await write(bench);
    const [head = ''] = (ids[4] ?? '').split('-');
    const wrong = [
      `${head}-AAAAAA`,
      other.ids[4],
      `${ids[4]}x`,
      `x${ids[4]}`,
      '',
      '0-AAAAAA',
      '-1-AAAAAA',
      'NaN',
    ];
    for (const id of wrong)
      same(await bench.log.read(session, id, 9), gone('unknown'), `the read after ${id}`);
  }),

  createStoreCheck('an id beyond the end is beyond', async (bench) => {
    const { session, ids } = await write(bench);
    const tag = ids[6]?.split('-')[1];
    same(await bench.log.read(session, `7-${tag}`, 9), gone('beyond'), 'the read after entry 7');
    same(await bench.log.read(session, '999999999-AAAAAA', 9), gone('beyond'), 'the read after a far entry');
  }),

  createStoreCheck('a trimmed log starts with the state that replaces the trimmed entries', async (bench) => {
    const { session, ids, all } = await write(bench);
    for (const seq of [2, 3, 4]) {
      // Entries 2 and 3, and 4 and 5, come from one append each. A trim may stop between them.
      await bench.log.trim(session, ids[seq] ?? '', { ...toContractState(session), metadata: { seq } });
      const page = await bench.page(session);
      same(
        page.base,
        { ...toContractState(session), metadata: { seq }, last: ids[seq] },
        `the base at ${seq}`,
      );
      same(page.entries, all.slice(seq - 1), `what is left after ${seq}`);
    }
    same(
      (await bench.say(session, ['7'])).entries[0]?.id.startsWith('7-'),
      true,
      'whether the count goes on',
    );
  }),

  createStoreCheck('a read after a trimmed id is gone, except after the last trimmed one', async (bench) => {
    const { session, ids, all } = await write(bench);
    await bench.log.trim(session, ids[4] ?? '', toContractState(session));
    for (const id of [ids[2], ids[3]])
      same(await bench.log.read(session, id, 9), gone('trimmed'), `after ${id}`);
    const page = await bench.log.read(session, ids[4], 9);
    same(
      page.type === 'page' && [page.entries, page.base],
      [all.slice(3), undefined],
      'the page after the last',
    );
    same(
      await bench.log.read(session, '4-AAAAAA', 9),
      gone('unknown'),
      'the read after the last with another tag',
    );
  }),

  createStoreCheck('a log can be trimmed to its end and continue', async (bench) => {
    const { session, ids } = await write(bench);
    await bench.log.trim(session, ids[6] ?? '', toContractState(session));
    same((await bench.page(session)).entries, [], 'what is left');
    same(await bench.log.read(session, '7-AAAAAA', 9), gone('beyond'), 'the read beyond');
    const { entries } = await bench.say(session, ['7', '8']);
    const page = await bench.log.read(session, ids[6], 9);
    same(page.type === 'page' && page.entries, entries, 'what comes after');
    same(entries[1]?.id.startsWith('8-'), true, 'whether the count goes on');
  }),

  createStoreCheck('a late or repeated trim does nothing', async (bench) => {
    const { session, ids } = await write(bench);
    await bench.log.trim(session, ids[4] ?? '', toContractState(session));
    for (const id of [ids[2], ids[4]]) await bench.log.trim(session, id ?? '', toContractState('wrong'));
    same((await bench.page(session)).base?.last, ids[4], 'where the base ends');
    await bench.log.trim('never', ids[2] ?? '', toContractState('never'));
    same(await bench.log.read('never', undefined, 1), { type: 'missing' }, 'a session that never was');
  }),

  createStoreCheck('a trim to an id that is not in the log is refused', async (bench) => {
    const { session } = await write(bench);
    for (const id of ['4-AAAAAA', '99-AAAAAA', 'wrong']) {
      const error = await bench.log.trim(session, id, toContractState(session)).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      same(error instanceof RangeError, true, `whether the trim to ${id} is refused with a RangeError`);
    }
    same((await bench.page(session)).entries.length, 6, 'the number of entries');
  }),

  createStoreCheck('a dropped session is missing and cannot be created again', async (bench) => {
    const { session, ids } = await write(bench);
    await bench.log.drop(session);
    const missing = { type: 'missing' };
    same(await bench.log.read(session, undefined, 9), missing, 'the read');
    same(await bench.log.read(session, ids[4], 9), missing, 'the read after an entry');
    const refused = { type: 'refused', reason: 'missing' };
    same(await bench.log.append(session, [toContractText('a')]), refused, 'an append');
    const head = { was: 0, now: toNextHead() };
    same(await bench.log.append(session, [toContractText('a')], { head }), refused, 'a late creation');
    await bench.log.trim(session, ids[4] ?? '', toContractState(session));
    await bench.log.drop(session);
    same(await bench.log.read(session, undefined, 9), missing, 'the read after all that');
  }),

  createStoreCheck('a drop of a session that never existed leaves its id free', async ({ log, create }) => {
    await log.drop('s');
    same(await create({}, 's'), 's', 'the session made afterwards');
  }),
];
