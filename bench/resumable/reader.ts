import { setTimeout as delay } from 'node:timers/promises';
import { answerMs, toWords } from './answer.ts';
import type { ContestQuestion, Contestant } from './contestant.ts';

export interface ReadOutcome {
  /** The words that the reader shows at the end. */
  readonly words: readonly number[];
  readonly told: string;
  /** The time from the last bytes before the first break until the end, in milliseconds. */
  readonly ms: number;
}

/** A reader of one answer across connections. */
export interface AnswerReader {
  /**
   * Reads one connection until it ends, or until it has `untilWords` words. Then it cuts the connection in
   * the middle of a frame.
   */
  read(node: string, untilWords?: number): Promise<void>;
  /**
   * Reconnects to a node each second until the stream reports an end, the node reports that there is nothing
   * to resume, or the time is over.
   */
  comeBack(node: string): Promise<ReadOutcome>;
}

/** How long a reader waits beyond the duration of a whole answer. */
const patienceMs = 30_000;
const pauseMs = 1_000;
/** The responses that report that there is nothing to resume. */
const final: ReadonlySet<string> = new Set(['HTTP 404', 'HTTP 422']);
/** The number of characters that are lost with a cut connection. It is less than a frame. */
const cutOff = 9;

/** Creates a reader. Calls `onWords` with the number of words after each piece. */
export function createReader(
  contestant: Contestant,
  asked: ContestQuestion,
  onWords: (count: number) => void = () => {},
): AnswerReader {
  const texts: string[] = [];
  let request = asked;
  let last = '';
  let heard = 0;
  let broke: number | undefined;
  const patience = AbortSignal.timeout(answerMs + patienceMs);

  const read = async (node: string, untilWords = Infinity): Promise<void> => {
    const nth = texts.length;
    try {
      const { path, ...init } = request;
      const response = await fetch(node + path, { ...init, signal: patience });
      last = `HTTP ${response.status}`;
      if (response.status !== 200 || response.body === null) return;
      last = 'the stream stays open';
      texts.push('');
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        texts[nth] += chunk;
        heard = performance.now();
        const { text, told } = contestant.show(texts);
        const { length } = toWords(text);
        onWords(length);
        if (told !== undefined) return;
        if (length < untilWords) continue;
        texts[nth] = texts[nth]?.slice(0, -cutOff) ?? '';
        return;
      }
      last = 'the stream ends';
    } catch {
      if (!patience.aborted) last = 'the connection breaks';
    } finally {
      broke ??= heard;
      request = contestant.resume(asked, texts);
    }
  };
  return {
    read,
    comeBack: async (node) => {
      const from = broke ?? performance.now();
      for (;;) {
        const { text, told } = contestant.show(texts);
        const isOver = told !== undefined || final.has(last) || patience.aborted;
        if (isOver)
          return { words: toWords(text), told: told ?? `nothing (${last})`, ms: performance.now() - from };
        await read(node);
        if (final.has(last) || contestant.show(texts).told !== undefined) continue;
        await delay(pauseMs, undefined, { signal: patience }).catch(() => {});
      }
    },
  };
}
