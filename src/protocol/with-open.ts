import type { Agent } from './agent.ts';

/** Returns an agent that opens sessions with `open`, and has everything else of the given agent. */
export function withOpen(agent: Agent, open: Agent['open']): Agent {
  const { history, onCrash, tools } = agent;
  return {
    open,
    ...(history !== undefined && { history }),
    ...(onCrash !== undefined && { onCrash }),
    ...(tools !== undefined && { tools }),
    // An agent may be an object of a class, with methods that need their `this`.
    ...(agent.start && { start: async () => agent.start?.() }),
    ...(agent.close && { close: async () => agent.close?.() }),
  };
}
