import { setTimeout as delay } from 'node:timers/promises';

/** How the model's answer ends. `throws`: in its middle. `tells`: the same, and the app around it catches that and says so in the stream. */
export type AnswerEnd = 'well' | 'throws' | 'tells';

/** Words of a whole answer. */
export const wordCount = 40;
const paceMs = 50;

/** The model of all nodes: numbered words at a steady pace. */
export async function* answerOnce(ending: AnswerEnd): AsyncGenerator<string, void, void> {
  for (let word = 1; word <= wordCount; word += 1) {
    await delay(paceMs);
    if (ending !== 'well' && word > wordCount / 2) throw new Error('The model broke off.');
    yield `w${word} `;
  }
}

/** How long a whole answer takes, in milliseconds. */
export const answerMs: number = wordCount * paceMs;

export function toAnswerEnd(text: string | null | undefined): AnswerEnd {
  return text === 'throws' || text === 'tells' ? text : 'well';
}

/** The numbers of the words in a text, in their order. */
export function toWords(text: string): readonly number[] {
  return [...text.matchAll(/w(\d+) /g)].map(([, number]) => Number(number));
}
