import { createStoreCheck, same, toNextHead, toContractState } from './contract-check.ts';
import type { StoreCheck } from './contract-check.ts';

/** Checks of snapshots, which are kept beside the log of their session. */
export const snapshotChecks: readonly StoreCheck[] = [
  createStoreCheck(
    'a snapshot is loaded as it was saved, by its name',
    async ({ store: { snapshots }, create }) => {
      const session = await create();
      await snapshots.save(session, 'one', '{"a":1}');
      await snapshots.save(session, 'other', '');
      same(await snapshots.load(session, 'one'), '{"a":1}', 'the snapshot');
      same(await snapshots.load(session, 'other'), '', 'the empty one');
      same(await snapshots.load(session, 'One'), undefined, 'one that was never saved');
      same(await snapshots.load('never', 'one'), undefined, 'that of a session that never was');
    },
  ),

  createStoreCheck(
    'a snapshot that is saved again replaces the first',
    async ({ store: { snapshots }, create }) => {
      const session = await create();
      for (const data of ['first', 'second', 'third']) await snapshots.save(session, 'name', data);
      same(await snapshots.load(session, 'name'), 'third', 'the snapshot');
      await Promise.all(['4', '5', '6'].map((data) => snapshots.save(session, 'name', data)));
      same(await snapshots.load(session, 'name'), '6', 'the last of those saved at once');
    },
  ),

  createStoreCheck('keepOnly deletes all snapshots but one', async ({ store: { snapshots }, create }) => {
    const [session, other] = [await create(), await create()];
    for (const name of ['a', 'b', 'c']) await snapshots.save(session, name, name);
    await snapshots.save(other, 'a', 'kept');
    const load = () => Promise.all(['a', 'b', 'c'].map((name) => snapshots.load(session, name)));
    await snapshots.keepOnly(session, 'b');
    same(await load(), [undefined, 'b', undefined], 'what is left');
    await snapshots.keepOnly(session, 'b');
    same(await load(), [undefined, 'b', undefined], 'what is left when it is said again');
    await snapshots.keepOnly(session, 'never');
    same(await load(), [undefined, undefined, undefined], 'what is left where there is none of that name');
    same(await snapshots.load(other, 'a'), 'kept', 'that of another session');
    await snapshots.keepOnly('never', 'a');
  }),

  createStoreCheck('a snapshot belongs to its session', async ({ store: { snapshots }, log, create }) => {
    const [one, other] = [await create(), await create()];
    await snapshots.save(one, 'name', 'one');
    same(await snapshots.load(other, 'name'), undefined, 'that of the other before it saved any');
    await snapshots.save(other, 'name', 'other');
    same(await snapshots.load(one, 'name'), 'one', 'that of the first');
    await log.drop(one);
    same(await snapshots.load(other, 'name'), 'other', 'that of the other once the first is dropped');
  }),

  createStoreCheck(
    'dropping a session drops its snapshots, and a late save keeps nothing',
    async ({ store: { snapshots }, log, create }) => {
      const session = await create();
      await snapshots.save(session, 'name', 'data');
      await log.drop(session);
      same(await snapshots.load(session, 'name'), undefined, 'what is loaded after the drop');
      await snapshots.save(session, 'name', 'late');
      await snapshots.keepOnly(session, 'name');
      same(await snapshots.load(session, 'name'), undefined, 'what is loaded after the late save');
      same(await log.read(session, undefined, 1), { type: 'missing' }, 'the session');
    },
  ),

  createStoreCheck(
    'a session has no snapshots from before its creation',
    async ({ store: { snapshots }, create }) => {
      await snapshots.save('s', 'name', 'early');
      same(await snapshots.load('s', 'name'), undefined, 'what is loaded before');
      await create({}, 's');
      same(await snapshots.load('s', 'name'), undefined, 'what is loaded after');
    },
  ),

  createStoreCheck(
    'a snapshot outlives appends, new heads and trims',
    async ({ store: { snapshots }, log, create, say }) => {
      const session = await create();
      await snapshots.save(session, 'name', 'data');
      const { entries, version } = await say(session, ['a'], { head: { was: 1, now: toNextHead() } });
      await log.trim(session, entries[0]?.id ?? '', toContractState(session));
      same([version, await snapshots.load(session, 'name')], [2, 'data'], 'the version and the snapshot');
    },
  ),

  createStoreCheck('any text and any name is kept as it is', async ({ store: { snapshots }, create }) => {
    const session = await create();
    const texts = [
      '',
      '\u0000',
      'a\u0000b',
      '\ud83d',
      '\udc00 half',
      '\ufffd',
      '\ufeff\r\n\u2028',
      '"\\',
      '🧵',
    ];
    for (const text of texts) await snapshots.save(session, text, `${text}${text}`);
    for (const text of texts) {
      const loaded = await snapshots.load(session, text);
      same(loaded === `${text}${text}`, true, `whether ${JSON.stringify(text)} is the same`);
    }
  }),

  createStoreCheck('a large snapshot is kept whole', async ({ store: { snapshots }, create }) => {
    const session = await create();
    const data = 'Any text of 16.\n'.repeat(262_144);
    await snapshots.save(session, 'name', data);
    same((await snapshots.load(session, 'name')) === data, true, 'whether the 4 MB are the same');
    await snapshots.save(session, 'name', 'small');
    same(await snapshots.load(session, 'name'), 'small', 'what replaces it');
  }),
];
