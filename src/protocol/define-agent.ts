import type { Agent, AgentFunction } from './agent.ts';
import { toAgent } from './to-agent.ts';

/** Declares an agent, by its function alone or with all it has to say; throws a TypeError that names what was seen where it is none. */
export function defineAgent(agent: Agent | AgentFunction): Agent {
  return toAgent(agent);
}
