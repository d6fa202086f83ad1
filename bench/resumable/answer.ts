import { setTimeout as delay } from 'node:timers/promises';

/**
 * How the model's answer ends. With `throws` it fails in its middle. With `tells` it does too, and the app
 * catches the error and reports it in the stream.
 */
export type AnswerEnd = 'well' | 'throws' | 'tells';

/** The number of words of a whole answer. */
export const wordCount = 40;
const paceMs = 50;

/** The model of all nodes. It yields numbered words at a steady pace. */
export async function* answerOnce(ending: AnswerEnd): AsyncGenerator<string, void, void> {
  for (let word = 1; word <= wordCount; word += 1) {
    await delay(paceMs);
    if (ending !== 'well' && word > wordCount / 2) throw new Error('The model broke off.');
    yield `w${word} `;
  }
}

/** The duration of a whole answer in milliseconds. */
export const answerMs: number = wordCount * paceMs;

export function toAnswerEnd(text: string | null | undefined): AnswerEnd {
  return text === 'throws' || text === 'tells' ? text : 'well';
}

/** Returns the numbers of the words in a text, in their order. */
export function toWords(text: string): readonly number[] {
  return [...text.matchAll(/w(\d+) /g)].map(([, number]) => Number(number));
}
