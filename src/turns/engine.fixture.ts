import { expect, onTestFinished, vi } from 'vitest';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import { defineAgent, toText } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import { createTranscripts } from '../transcripts/index.ts';
import type { Agent, AgentEvent, SessionEvent, SessionState, Turn } from '../protocol/index.ts';
import type { OnBusy } from './command.ts';
import { createEngine } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';
import type { Submission } from './submit.ts';

/** Makes an agent from a generator function. */
export function agentOf(
  answer: (turn: Turn) => AsyncIterable<AgentEvent>,
  facts: Partial<Agent> = {},
): Agent {
  return defineAgent({ ...facts, open: () => answer });
}

/** Creates an engine over a store in memory. It is closed after the test. */
export function setUp(
  agent: Agent,
  options: Partial<EngineOptions> = {},
): { readonly store: Store; readonly engine: Engine } {
  const store = options.store ?? memoryStore();
  const engine = createEngine({ agent, gatherMs: 0, dueMs: 20, onError: () => {}, ...options, store });
  onTestFinished(() => engine.close(0));
  return { store, engine };
}

/** Creates a session that belongs to ada. */
export async function createSession(engine: Engine): Promise<string> {
  const session = mint(22);
  await engine.create({ session, owner: 'ada', kind: 'session', at: 1 }, undefined, undefined);
  return session;
}

/** Sends a message as ada. */
export function send(
  engine: Engine,
  session: string,
  content: string,
  {
    onBusy = 'queue',
    key,
    replaces,
  }: { onBusy?: OnBusy; key?: { id: string; digest: string }; replaces?: string } = {},
): Promise<Submission> {
  const names = { message: mint(8), turn: mint(8) };
  return engine.submit(
    session,
    { type: 'message', ...names, content, onBusy, replaces, at: Date.now() },
    { owner: 'ada', key },
  );
}

export async function stateOf(store: Store, session: string): Promise<SessionState> {
  const transcript = await createTranscripts({ store, onError: () => {} }).read(session);
  if (transcript === undefined) throw new Error('The session is missing.');
  return transcript.state;
}

export async function eventsOf(store: Store, session: string): Promise<readonly SessionEvent[]> {
  const page = await store.log.read(session, undefined, 10_000);
  return page.type === 'page' ? page.entries.map(({ event }) => event) : [];
}

/** Waits until the log has `turns` ended turns, and returns its events. */
export function settled(store: Store, session: string, turns: number): Promise<readonly SessionEvent[]> {
  return vi.waitFor(
    async () => {
      const events = await eventsOf(store, session);
      expect(events.filter(({ type }) => type === 'message_end')).toHaveLength(turns);
      return events;
    },
    { timeout: 5_000, interval: 5 },
  );
}

/** Waits until the log has an event of the given type. */
export async function seen(store: Store, session: string, type: SessionEvent['type']): Promise<void> {
  await vi.waitFor(async () =>
    expect((await eventsOf(store, session)).map((event) => event.type)).toContain(type),
  );
}

/** Returns the text of the message that a turn answers. */
export function asked({ input }: Turn): string {
  return toText(input.content);
}

/** An agent that says one word, and then nothing until it is stopped. */
export async function* untilAborted({ signal }: Turn): AsyncGenerator<AgentEvent> {
  yield 'thinking';
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}
