import type { Agent } from '../../protocol/index.ts';

/** The options that every adapter takes, with their meaning in `Agent`. */
export type AdapterOptions = Pick<Agent, 'history' | 'onCrash' | 'tools'>;

/** Returns those fields of an agent that the options give. */
export function toAgentFacts({ history, onCrash, tools }: AdapterOptions): AdapterOptions {
  return {
    ...(history !== undefined && { history }),
    ...(onCrash !== undefined && { onCrash }),
    ...(tools !== undefined && { tools }),
  };
}
