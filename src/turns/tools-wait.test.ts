// Adapters build on this: their tools run after the call was taken, and a node that takes the turn over finds it.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import type { SessionEvent } from '../protocol/index.ts';
import { agentOf, createSession, eventsOf, send, setUp, settled } from './engine.fixture.ts';

/** A store whose appends take 40 ms before they can be read. */
function slowStore(): Store {
  const store = memoryStore();
  return {
    ...store,
    log: {
      ...store.log,
      append: async (...args) => {
        await delay(40);
        return store.log.append(...args);
      },
    },
  };
}

test.each([0, 25])(
  'a generator is resumed after tool_use only when the call can be read from the log (gathered for %i ms)',
  async (gatherMs) => {
    const calls = ['c1', 'c2', 'c3'];
    const seen: (readonly SessionEvent[])[] = [];
    let session = '';
    const agent = agentOf(async function* () {
      yield 'Let me see. ';
      for (const call of calls) {
        yield { type: 'tool_use', call, tool: 'pay', input: { call } };
        seen.push(await eventsOf(store, session));
        yield { type: 'tool_result', call, output: 'paid' };
      }
    });
    const { store, engine } = setUp(agent, { store: slowStore(), gatherMs });
    session = await createSession(engine);
    await send(engine, session, 'pay');
    await settled(store, session, 1);
    expect(
      seen.map((events) => events.flatMap((event) => (event.type === 'tool_use' ? event.call : []))),
    ).toEqual([['c1'], ['c1', 'c2'], ['c1', 'c2', 'c3']]);
  },
);
