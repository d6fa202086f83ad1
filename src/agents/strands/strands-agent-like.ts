import { isRecord } from '../../protocol/internal.ts';

/**
 * The part of `@strands-agents/sdk` that is used. Its `Agent`, `Graph`, `Swarm` and remote agents fit,
 * whichever copy of the package they come from.
 */
export interface StrandsAgentLike {
  /** The agent's memory. Agents without one (a graph, a swarm, a remote agent) get only the new message. */
  readonly messages?: readonly object[];
  /** An agent with both snapshot methods can wait for approvals. */
  takeSnapshot?(options: object): object;
  loadSnapshot?(snapshot: object): void;
  stream(input: string | object, options?: object): AsyncGenerator<unknown, unknown, undefined>;
}

/**
 * Whether a value streams as agents of Strands do. An async iterable does not count: it is the answer itself.
 */
export function isStrandsAgent(value: unknown): value is StrandsAgentLike {
  return isRecord(value) && typeof value['stream'] === 'function' && !(Symbol.asyncIterator in value);
}
