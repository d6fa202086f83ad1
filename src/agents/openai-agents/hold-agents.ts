import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { ToolGate } from '../kit/index.ts';
import { isOpenaiAgent } from './openai-agent-like.ts';
import type { OpenaiAgentLike } from './openai-agent-like.ts';

/** An agent of one run, and all agents that it can hand off to. Their tools wait at the gate of the run. */
export interface HeldAgents {
  /** The agent that the factory returned. */
  readonly first: OpenaiAgentLike;
  /** Returns the agent of this name; the first agent if there is none. */
  find(name: string): OpenaiAgentLike;
  has(agent: unknown): boolean;
  /** Whether a tool of this name is a handoff. */
  isHandoff(tool: string): boolean;
}

/**
 * Copies an agent and all agents that it can hand off to, with tools that wait at the gate. The agents
 * themselves stay as they are: other turns may run with them, and an agent may be a tool of another one too,
 * where no gate is passed. docs/decisions/025-agents-are-copied-for-a-turn.md has the reasons.
 */
export function holdAgents(agent: OpenaiAgentLike, gate: ToolGate): HeldAgents {
  const copies = new Map<object, OpenaiAgentLike>();
  const handoffNames = new Set<string>();

  const holdAgent = (original: OpenaiAgentLike): OpenaiAgentLike => {
    const known = copies.get(original);
    if (known !== undefined) return known;
    const copy = copyWith(original, {
      getAllTools: async (...args: Parameters<OpenaiAgentLike['getAllTools']>) =>
        (await original.getAllTools(...args)).map((tool) => holdTool(tool, gate)),
    });
    copies.set(original, copy);
    // After the copy is known: agents may hand off to each other.
    Reflect.set(copy, 'handoffs', original.handoffs.map(holdHandoff));
    return copy;
  };

  const holdHandoff = (handoff: unknown): unknown => {
    if (isOpenaiAgent(handoff)) {
      handoffNames.add(`transfer_to_${handoff.name.replace(/[^a-zA-Z0-9]/g, '_')}`);
      return holdAgent(handoff);
    }
    const { agent: target, toolName, onInvokeHandoff } = fieldsOf(handoff);
    if (!isObject(handoff) || typeof onInvokeHandoff !== 'function' || !isOpenaiAgent(target)) return handoff;
    handoffNames.add(textOf(toolName));
    return copyWith(handoff, {
      agent: holdAgent(target),
      onInvokeHandoff: async (...args: readonly unknown[]) => {
        const chosen: unknown = await Reflect.apply(onInvokeHandoff, handoff, args);
        return isOpenaiAgent(chosen) ? holdAgent(chosen) : chosen;
      },
    });
  };

  const first = holdAgent(agent);
  return {
    first,
    find: (name) => [...copies.values()].find((each) => each.name === name) ?? first,
    has: (value) => [...copies.values()].some((each) => each === value),
    isHandoff: (tool) => handoffNames.has(tool),
  };
}

/**
 * Returns a copy of a tool that waits before it runs. It waits in a guardrail of the tool's input, because
 * the SDK knows a tool by its `invoke`, and the tool's timeout begins there. Tools that the SDK does not
 * invoke, such as those that the provider runs, are returned as they are.
 */
function holdTool(tool: object, gate: ToolGate): object {
  const { type, inputGuardrails } = fieldsOf(tool);
  if (type !== 'function') return tool;
  const guardrail = {
    name: 'heddle',
    async run({ toolCall }: { readonly toolCall?: unknown }): Promise<object> {
      const mayRun = await gate.passed(textOf(fieldsOf(toolCall)['callId']));
      return {
        behavior: mayRun ? { type: 'allow' } : { type: 'rejectContent', message: 'The turn is over.' },
      };
    },
  };
  return copyWith(tool, { inputGuardrails: [...listOf(inputGuardrails), guardrail] });
}

/** Returns a copy of the same class with other fields. */
function copyWith<Original extends object>(
  original: Original,
  fields: Partial<Record<string, unknown>>,
): Original {
  const copy: Original = Object.create(
    Reflect.getPrototypeOf(original),
    Object.getOwnPropertyDescriptors(original),
  );
  return Object.assign(copy, fields);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
