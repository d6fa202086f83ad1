import { toCounted } from './checked-agent.ts';
import { createDialectCheck, expectSame, expectShown, waitUntil } from './dialect-bench.ts';
import type { DialectCheck } from './dialect-bench.ts';

/** Several pages of one conversation, one after the other or at once. */
export const pageChecks: readonly DialectCheck[] = [
  createDialectCheck('loaded as streamed', async ({ open }) => {
    const streamed = await open();
    for (const text of ['think', 'use', 'misuse', 'hello']) await streamed.send(text);
    const loaded = await open();
    await loaded.load();
    expectShown(loaded, streamed.shown());
  }),

  createDialectCheck('two pages', async ({ open, agent }) => {
    const first = await open();
    const sent = first.send('count 60');
    await waitUntil(() => agent.asked('count 60') === 1, 'the agent is asked');
    const second = await open();
    await Promise.all([sent, second.load()]);
    const shown = [{ said: 'count 60', text: toCounted(60) }];
    expectShown(first, shown);
    expectShown(second, shown);
  }),

  createDialectCheck('queue', async ({ open, agent }) => {
    const first = await open();
    const second = await open();
    const sent = first.send('count 40');
    await waitUntil(() => agent.asked('count 40') === 1, 'the agent is asked');
    await Promise.all([sent, second.send('hello')]);
    expectSame(first.shown().at(-1)?.text, toCounted(40), 'the page that sent first');
    expectSame(second.shown().at(-1)?.text, 'hello.', 'the page that sent second');
    const later = await open();
    await later.load();
    expectShown(later, [
      { said: 'count 40', text: toCounted(40) },
      { said: 'hello', text: 'hello.' },
    ]);
  }),

  createDialectCheck('retracted', async ({ open }) => {
    const client = await open();
    await client.send('retract');
    const later = await open();
    await later.load();
    for (const each of [client, later]) expectShown(each, [{ said: 'retract', text: 'Right.' }]);
  }),

  createDialectCheck('replaced', async ({ open }) => {
    const client = await open();
    await client.send('replace');
    const later = await open();
    await later.load();
    for (const each of [client, later]) expectShown(each, [{ said: 'replace', text: 'A word.' }]);
  }),

  createDialectCheck('two owners', async ({ open }) => {
    const [ada, eve] = [await open({ owner: 'ada' }), await open({ owner: 'eve' })];
    await ada.send('hello');
    await eve.send('goodbye');
    const [later, other] = [await open({ owner: 'ada' }), await open({ owner: 'eve' })];
    await later.load();
    await other.load();
    expectShown(later, [{ said: 'hello', text: 'hello.' }]);
    expectShown(other, [{ said: 'goodbye', text: 'goodbye.' }]);
  }),
];
