// The contract over an adapter that has only what the kit has, for a vendor that runs ahead of its reader.
import { describe, expect, test } from 'vitest';
import { toText } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { Agent, AgentEvent, MessageState, Turn } from '../../protocol/index.ts';
import { testContract } from './contract.fixture.ts';
import { gateCheck } from './contract-tools.fixture.ts';
import {
  createCallNames,
  createGate,
  createQueue,
  fieldsOf,
  isNamePairs,
  listOf,
  mintApproval,
  textOf,
  toAgentError,
  toConversation,
  toVendorAnswers,
} from './index.ts';
import type { NamePair, ToolGate } from './index.ts';
import type { GivenMessage, Oracle } from './oracle.fixture.ts';
import { createScriptedLoop } from './scripted-loop.fixture.ts';
import type { LoopCall, LoopTurn, ScriptedLoop } from './scripted-loop.fixture.ts';

/** The snapshot of a turn. */
interface Memory {
  readonly messages: readonly GivenMessage[];
  readonly calls: readonly LoopCall[];
  /** The names of approvals and of calls, each with the vendor's. */
  readonly asked: readonly NamePair[];
  readonly named: readonly NamePair[];
}

function toMemory(snapshot: unknown): Memory | undefined {
  const { messages, calls, asked, named } = fieldsOf(snapshot);
  if (!isNamePairs(asked) || !isNamePairs(named)) return undefined;
  return {
    messages: listOf(messages).map((message) => toGiven(fieldsOf(message))),
    calls: listOf(calls).map((call) => {
      const { id, tool, input } = fieldsOf(call);
      return { id: textOf(id), tool: textOf(tool), input: isRecord(input) ? input : {} };
    }),
    asked,
    named,
  };
}

function toGiven({ role, text }: Readonly<Record<string, unknown>>): GivenMessage {
  return { role: role === 'user' || role === 'tool' ? role : 'assistant', text: textOf(text) };
}

function fromHistory(history: readonly MessageState[]): GivenMessage[] {
  return toConversation(history).flatMap((message): GivenMessage[] =>
    message.role === 'user'
      ? [{ role: 'user', text: toText(message.content) }]
      : [
          ...(message.texts.length > 0 ? [{ role: 'assistant' as const, text: message.texts.join('') }] : []),
          ...message.calls.map(({ output }) => ({ role: 'tool' as const, text: String(output) })),
        ],
  );
}

/** Returns the conversation with which a turn begins. Calls that waited get a result that says so. */
function toMessages({ input, history }: Turn, memory: Memory | undefined): GivenMessage[] {
  const before = memory?.messages ?? fromHistory(history());
  if (input.type === 'answers') return [...before];
  const closed = (memory?.calls ?? []).map(() => ({ role: 'tool' as const, text: 'Not answered.' }));
  return [...before, ...closed, { role: 'user', text: toText(input.content) }];
}

type SpokenByToy = Exclude<AgentEvent, string>;

/** The names of a turn, in place of the vendor's. */
interface Renaming {
  rename(event: SpokenByToy): AgentEvent;
  nameOf(call: string): string;
  readonly asked: readonly NamePair[];
}

function createRenaming(earlier: readonly NamePair[] | undefined): Renaming {
  const nameFor = createCallNames(earlier);
  const names = new Map<string, string>();
  const asked: NamePair[] = [];
  const nameOf = (call: string): string => names.get(call) ?? call;
  return {
    asked,
    nameOf,
    rename(event) {
      if (event.type === 'tool_use') names.set(event.call, nameFor(event.call));
      const call = 'call' in event && event.call !== undefined && { call: nameOf(event.call) };
      if (event.type !== 'approval_request') return { ...event, ...call };
      const approval = mintApproval();
      asked.push([approval, event.approval]);
      return { ...event, approval, ...call };
    },
  };
}

/** Returns the calls that the turn goes on with, and the decisions about them. */
function toResumed({ input }: Turn, memory: Memory | undefined): LoopTurn['resumed'] {
  if (input.type !== 'answers' || memory === undefined) return undefined;
  const answers = toVendorAnswers(memory.asked, input.answers);
  const decide = (id: string): unknown =>
    answers.find(({ vendorId }) => vendorId === `ask:${id}`)?.answer.decision;
  return { calls: memory.calls, decide };
}

/** Stages an adapter of the scripted loop, which pushes its events. */
function toyOracle(openGate: () => ToolGate): Oracle {
  const toyAgent = (loop: ScriptedLoop): Agent => ({
    open: () =>
      async function* (turn): AsyncGenerator<AgentEvent> {
        const { signal } = turn;
        const memory = toMemory(turn.snapshot);
        const messages = toMessages(turn, memory);
        const resumed = toResumed(turn, memory);
        const { rename, nameOf, asked } = createRenaming(resumed && memory?.named);
        const gate = openGate();
        const queue = createQueue<SpokenByToy>();
        // The engine ended the open calls in the turn that asked, so they are told again.
        for (const { id, tool, input } of resumed?.calls ?? [])
          queue.push({ type: 'tool_use', call: id, tool, input });
        const running = loop.run({ messages, resumed, signal, emit: queue.push, mayRun: gate.passed });
        void running.then(queue.end, queue.fail);
        try {
          for await (const event of queue) {
            yield rename(event);
            if (event.type === 'tool_use') gate.taken(event.call);
          }
          // Saved when all events were taken: until then the names are not complete.
          const calls = await running;
          turn.save({ messages, calls, asked, named: calls.map(({ id }) => [id, nameOf(id)]) });
        } catch (error) {
          if (!signal.aborted) throw toAgentError(error);
        } finally {
          gate.open();
        }
      },
  });
  return {
    busy: 'model_throttled',
    stage(script) {
      const loop = createScriptedLoop(script);
      return { agent: toyAgent(loop), given: () => loop.given };
    },
  };
}

describe('an adapter of the kit', () => testContract(toyOracle(createGate)));

describe('the same adapter with the gate taken away', () => {
  const open: ToolGate = { passed: async () => true, taken: () => {}, open: () => {} };
  test(`fails: ${gateCheck.name}`, () =>
    expect(gateCheck.run(toyOracle(() => open))).rejects.toThrow(/to deeply equal/));
});
