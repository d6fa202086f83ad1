import type { Agent } from '../../src/protocol/index.ts';

/** A library of agents, with a model that says a number of words, one in each delta. */
export interface Library {
  /** The folder of its adapter, under `src/agents`. */
  readonly name: string;
  /** The export of the adapter that users call. */
  readonly adapter: string;
  /** Reads an answer of so many words without Heddle. Resolves with the number of words that came. */
  readonly readAlone: (words: number) => Promise<number>;
  /** Creates an agent of Heddle that gives the same answer. */
  readonly adapt: (words: number) => Agent;
}
