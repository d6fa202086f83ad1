import type { Timing } from './timing.ts';

/** The slowest upload for which the client allows, in characters per millisecond: about 32 kbit/s. */
const slowestUpload = 4;
/** A server gives up a body that takes longer, in milliseconds. */
const longestUploadMs = 60_000;
/** How many attempts wait for the short time: a pool may hold more than one dead connection. */
const shortWaits = 2;

/**
 * Returns how long to wait for the headers of an answer, in milliseconds. After two short waits it is the
 * read timeout, so that a server that is merely slow is heard, and does not get a request every few seconds.
 * `fetch` does not tell when a body has been sent, so a large one adds the time that a slow network takes for
 * it.
 */
export function toAnswerMs(
  { answerMs = Infinity, readTimeoutMs }: Pick<Timing, 'answerMs' | 'readTimeoutMs'>,
  unanswered: number,
  body = '',
): number {
  const uploadMs = Math.min(body.length / slowestUpload, longestUploadMs);
  return Math.min(unanswered < shortWaits ? answerMs : Infinity, readTimeoutMs) + uploadMs;
}
