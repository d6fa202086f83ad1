import { setTimeout as delay } from 'node:timers/promises';
import { answerMs, wordCount } from './answer.ts';
import type { Contestant } from './contestant.ts';
import { createReader } from './reader.ts';
import type { ReadOutcome } from './reader.ts';

/** A node in a process of its own. */
export interface ClusterNode {
  readonly url: string;
  /** Kills the node with SIGKILL. */
  kill(): Promise<void>;
}

export interface Case {
  readonly title: string;
  /** How many words the model yields. None of them may be missing. */
  readonly said: number;
  /** Plays the case on two fresh nodes. Resolves with the outcome of each reader. */
  play(contestant: Contestant, first: ClusterNode, second: ClusterNode): Promise<readonly ReadOutcome[]>;
}

const half = wordCount / 2;

/** The faults, which are the same for all contestants. */
export const cases: readonly Case[] = [
  {
    title: 'the node that answers is killed (`kill -9`) in mid-answer; its reader comes back to another one',
    said: wordCount,
    play: async (contestant, first, second) => {
      const killed = Promise.withResolvers<void>();
      const asked = await contestant.begin(first.url, 'well');
      const reader = createReader(contestant, asked, (count) => {
        if (count >= half) killed.resolve(first.kill());
      });
      await Promise.all([reader.read(first.url), killed.promise]);
      return [await reader.comeBack(second.url)];
    },
  },
  {
    title:
      'a reader is cut off in mid-answer and comes back to another node a second after the answer has ended',
    said: wordCount,
    play: async (contestant, first, second) => {
      const reader = createReader(contestant, await contestant.begin(first.url, 'well'));
      await reader.read(first.url, half);
      await delay(answerMs / 2 + 1_000);
      return [await reader.comeBack(second.url)];
    },
  },
  {
    title: 'the model throws in mid-answer',
    said: half,
    play: async (contestant, first, second) => {
      const reader = createReader(contestant, await contestant.begin(first.url, 'throws'));
      await reader.read(first.url);
      return [await reader.comeBack(second.url)];
    },
  },
  {
    title: 'the model throws in mid-answer, and the app writes that into its stream before it ends it',
    said: half,
    play: async (contestant, first, second) => {
      const reader = createReader(contestant, await contestant.begin(first.url, 'tells'));
      await reader.read(first.url);
      return [await reader.comeBack(second.url)];
    },
  },
  {
    title:
      'two readers, on two nodes, are cut off in the middle of a word and come back to one node at the same moment',
    said: wordCount,
    play: async (contestant, first, second) => {
      const asked = await contestant.begin(first.url, 'well');
      const one = createReader(contestant, asked);
      const begun = one.read(first.url, half);
      // The second reader joins a stream that has begun.
      await delay(answerMs / 10);
      const other = createReader(contestant, contestant.resume(asked, []));
      await Promise.all([begun, other.read(second.url, half)]);
      return Promise.all([one.comeBack(second.url), other.comeBack(second.url)]);
    },
  },
];
