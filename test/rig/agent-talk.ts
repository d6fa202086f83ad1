import { memoryStore } from '../../src/log/index.ts';
import type { Agent, PendingApproval, SessionEvent } from '../../src/protocol/index.ts';
import { createSession, eventsOf, send, setUp, settled, stateOf } from '../../src/turns/engine.fixture.ts';

/** A session of an agent that has answered a message, or waits for approvals. */
export interface AgentTalk {
  approvals(): Promise<readonly PendingApproval[]>;
  /** Decides the open approval, and waits until the agent has gone on. */
  answer(decision: unknown): Promise<void>;
  /** Returns the text of the last answer, without that of inner agents. */
  text(): Promise<string>;
  events(): Promise<readonly SessionEvent[]>;
}

/** Sends a message to an agent in a session of its own, and waits for the end of the turn. */
export async function talkWith(agent: Agent, content = 'Hello'): Promise<AgentTalk> {
  const store = memoryStore();
  const { engine } = setUp(agent, { store });
  const session = await createSession(engine);
  await send(engine, session, content);
  await settled(store, session, 1);
  const approvals = async (): Promise<readonly PendingApproval[]> =>
    (await stateOf(store, session)).approvals;
  return {
    approvals,
    async answer(decision) {
      const [asked] = await approvals();
      const command = { type: 'answer', approval: asked?.approval ?? '', decision, at: 1 } as const;
      await engine.submit(session, command, { owner: 'ada', key: { id: 'k', digest: 'k' } });
      await settled(store, session, 2);
    },
    async text() {
      const last = (await stateOf(store, session)).messages.at(-1);
      const parts = last?.role === 'agent' ? last.parts : [];
      return parts
        .map((part) => (part.type === 'text' && part.agent === undefined ? part.text : ''))
        .join('');
    },
    events: () => eventsOf(store, session),
  };
}
