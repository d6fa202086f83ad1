import { memoryStore } from '../../src/log/index.ts';
import type { Store } from '../../src/log/index.ts';
import type { Agent, SessionEvent } from '../../src/protocol/index.ts';
import { createSession, eventsOf, seen, send, setUp, settled } from '../../src/turns/engine.fixture.ts';
import type { Engine } from '../../src/turns/index.ts';
import { createMortalStore } from './mortal-store.ts';

const times = { leaseMs: 100, dueMs: 10, cancelMs: 50 };

/** A session whose turn another engine has taken over. */
export interface TakenOver {
  readonly store: Store;
  readonly session: string;
  /** The engine that lives. */
  readonly engine: Engine;
}

/** The agents of two engines, one after the other. */
export interface DyingAgents {
  readonly dying: Agent;
  /** Resolves when the tool of the first one has begun. Its engine dies then. */
  readonly begun: Promise<void>;
  readonly next: Agent;
}

/** Runs a turn on an engine that dies in mid-tool, and ends it on another one. */
export async function takeOver({ dying, begun, next }: DyingAgents): Promise<TakenOver> {
  const store = memoryStore();
  const mortal = createMortalStore(store);
  const { engine } = setUp(dying, { ...times, store: mortal.store });
  const session = await createSession(engine);
  await send(engine, session, 'Pay');
  await begun;
  mortal.kill();
  const { engine: other } = setUp(next, { ...times, store });
  await settled(store, session, 1);
  return { store, session, engine: other };
}

/** Runs a turn on an engine that dies at the first text. Returns the calls of tools that its log has then. */
export async function dieAtText(agent: Agent): Promise<readonly SessionEvent[]> {
  const store = memoryStore();
  const mortal = createMortalStore(store);
  const { engine } = setUp(agent, { ...times, store: mortal.store });
  const session = await createSession(engine);
  await send(engine, session, 'Pay');
  await seen(store, session, 'content');
  mortal.kill();
  const told = (await eventsOf(store, session)).filter(({ type }) => type === 'tool_use');
  await engine.close(0);
  return told;
}
