import type { Agent, AgentFunction } from './agent.ts';
import { describe, has, isClass } from './describe.ts';
import { toAgentEvents } from './to-agent-events.ts';

/**
 * Converts a value to an agent. The value is an agent itself, or the function that answers a turn, however it
 * was written or compiled. Throws a TypeError of one or two sentences that describe the value and what to
 * pass.
 */
export function toAgent(value: unknown): Agent {
  if (isAgent(value)) return value;
  if (isFunction(value)) {
    return { open: (session) => (turn) => toAgentEvents(value({ ...session, ...turn })) };
  }
  throw new TypeError(
    `An agent is a function that answers a turn (an async generator function, or one that gives text, events or a stream), or what defineAgent() gives; this is ${describe(value)}.${toHint(value)}`,
  );
}

/**
 * Declares an agent, given as its function alone or as an object with all its fields. Throws a TypeError that
 * describes the value if it is not an agent.
 */
export function defineAgent(agent: Agent | AgentFunction): Agent {
  return toAgent(agent);
}

function isAgent(value: unknown): value is Agent {
  return has(value, 'open');
}

function isFunction(value: unknown): value is AgentFunction {
  return typeof value === 'function' && !isClass(value);
}

function toHint(value: unknown): string {
  if (isClass(value)) return ' Give a function that makes one for each turn: () => new …';
  if (has(value, 'stream'))
    return ' Give a function that makes a new one for each turn: strands(() => new Agent(…)).';
  if (has(value, 'next')) return ' Give the function itself, without calling it.';
  if (has(value, 'then')) return ' Await it first.';
  if (has(value, 'default')) return ' Give its default export.';
  return '';
}
