import { isRecord } from '../../protocol/internal.ts';

/**
 * The part of `@strands-agents/sdk` that is used: its `Agent`, `Graph`, `Swarm` and remote agents fit, whatever copy of the
 * package they come from.
 */
export interface StrandsAgentLike {
  /** An agent's memory. What has none (a graph, a swarm, a remote agent) is given only the new message. */
  readonly messages?: readonly object[];
  /** What can save itself and be put back can wait for approvals. */
  takeSnapshot?(options: object): object;
  loadSnapshot?(snapshot: object): void;
  stream(input: string | object, options?: object): AsyncGenerator<unknown, unknown, undefined>;
}

/** Whether a value streams as agents of Strands do, and is not itself what is to be told. */
export function isStrandsAgent(value: unknown): value is StrandsAgentLike {
  return isRecord(value) && typeof value['stream'] === 'function' && !(Symbol.asyncIterator in value);
}
