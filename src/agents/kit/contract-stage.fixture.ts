import { expect, vi } from 'vitest';
import { memoryStore } from '../../log/index.ts';
import type { Store } from '../../log/index.ts';
import { mint } from '../../protocol/internal.ts';
import type { AgentMessage, PartState, PendingApproval, SessionEvent } from '../../protocol/index.ts';
import { createSession, eventsOf, send, setUp, stateOf } from '../../turns/engine.fixture.ts';
import type { GivenMessage, Oracle, Script, ScriptedTool } from './oracle.fixture.ts';

/** A behaviour that every adapter has. */
export interface AgentCheck {
  readonly name: string;
  /** Rejects if the adapter behaves otherwise. */
  readonly run: (oracle: Oracle) => Promise<void>;
}

/** One session of a staged agent under the engine. */
export interface Stage {
  /** Sends a message. With `interrupt` it takes the place of the answers to open approvals. */
  send(content: string, onBusy?: 'queue' | 'interrupt'): Promise<void>;
  /** Cancels the turn. */
  cancel(): Promise<void>;
  /** Decides an approval. */
  answer(approval: PendingApproval | undefined, decision: unknown): Promise<void>;
  /** Waits until so many turns have ended, and returns the last one. */
  ended(turns: number): Promise<AgentMessage>;
  /** Waits until the log has an event that fits. */
  seen(fits: (event: SessionEvent) => boolean): Promise<void>;
  events(): Promise<readonly SessionEvent[]>;
  approvals(): Promise<readonly PendingApproval[]>;
  /** The conversation that the model was given last. */
  given(): readonly GivenMessage[];
  /** Ends the engine and the agent, and begins both anew over the same store, as another process would. */
  restart(script: Script): Promise<void>;
}

export interface StageOptions {
  /** @default opens a store in memory */
  readonly openStore?: () => Store;
}

/** Creates a check that plays a script on a stage. */
export function createAgentCheck(
  name: string,
  script: Script,
  play: (stage: Stage) => Promise<void>,
  options: StageOptions = {},
): AgentCheck {
  return { name, run: (oracle) => withStage(oracle, script, play, options) };
}

/** Plays a script on a stage, and closes the stage. */
export async function withStage(
  oracle: Oracle,
  script: Script,
  play: (stage: Stage) => Promise<void>,
  { openStore = memoryStore }: StageOptions = {},
): Promise<void> {
  const store = openStore();
  const begin = async (played: Script) => {
    const { agent, given } = oracle.stage(played);
    await agent.start?.();
    // Longer than `ended` waits: an agent that does not end by itself must not pass because the engine leaves it.
    const { engine } = setUp(agent, { store, cancelMs: 8_000 });
    const close = async (): Promise<void> => {
      await engine.close(0);
      await agent.close?.();
    };
    return { engine, given, close };
  };
  let now = await begin(script);
  try {
    const session = await createSession(now.engine);
    const events = (): Promise<readonly SessionEvent[]> => eventsOf(store, session);
    await play({
      events,
      async send(content, onBusy = 'queue') {
        await send(now.engine, session, content, { onBusy });
      },
      async cancel() {
        await now.engine.submit(session, { type: 'cancel', at: Date.now() }, { owner: 'ada' });
      },
      async answer(approval, decision) {
        const key = { id: mint(8), digest: mint(8) };
        const { approval: name = '' } = approval ?? {};
        const command = { type: 'answer', approval: name, decision, at: Date.now() } as const;
        await now.engine.submit(session, command, { owner: 'ada', key });
      },
      ended: (turns) =>
        vi.waitFor(
          async () => {
            const { messages } = await stateOf(store, session);
            const answers = messages.filter((message) => message.role === 'agent');
            const over = answers.filter(({ outcome }) => outcome !== undefined);
            expect(over).toHaveLength(turns);
            return over[turns - 1] ?? expect.fail('There is no answer.');
          },
          { timeout: 5_000, interval: 5 },
        ),
      seen: (fits) =>
        vi.waitFor(async () => expect((await events()).some(fits)).toBe(true), {
          timeout: 5_000,
          interval: 5,
        }),
      approvals: async () => (await stateOf(store, session)).approvals,
      given: () => now.given().at(-1) ?? [],
      async restart(next) {
        await now.close();
        now = await begin(next);
      },
    });
  } finally {
    await now.close();
  }
}

/** Creates a tool that notes each run in `runs` and returns a text. */
export function createNotingTool(
  name: string,
  output: string,
  runs: unknown[] = [],
  asks?: string,
): ScriptedTool {
  return {
    name,
    ...(asks !== undefined && { asks }),
    // oxlint-disable-next-line require-yield
    async *run(input) {
      runs.push(input);
      return output;
    },
  };
}

/** Returns the texts of a message, joined. */
export function textOfMessage({ parts }: AgentMessage): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}

/** Returns the calls of a message. */
export function callsOf({ parts }: AgentMessage): readonly Extract<PartState, { type: 'tool' }>[] {
  return parts.filter((part) => part.type === 'tool');
}
