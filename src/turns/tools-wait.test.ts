// Adapters build on this: their tools run after the call was taken, and a node that takes the turn over finds it.
import { expect, test } from 'vitest';
import type { SessionEvent } from '../protocol/index.ts';
import { agentOf, createSession, eventsOf, send, setUp, settled } from './engine.fixture.ts';
import { slowStore } from './slow-store.fixture.ts';

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
