import type { Agent, AgentFunction } from './agent.ts';
import { toAgent } from './to-agent.ts';

/**
 * Declares an agent, given as its function alone or as an object with all its fields. Throws a TypeError that
 * describes the value if it is not an agent.
 */
export function defineAgent(agent: Agent | AgentFunction): Agent {
  return toAgent(agent);
}
