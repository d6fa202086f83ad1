import type { Stop } from '../log/index.ts';
import { reportError } from '../turns/index.ts';
import type { OnError } from '../turns/index.ts';
import { isExpired } from './identify.ts';
import type { AuthOptions } from './identify.ts';
import type { HeldStream } from './streams.ts';

/**
 * The interval at which expiry is checked, in milliseconds, and the number of intervals between two checks
 * for revocation. So a stream ends within 5 s after its principal was revoked.
 */
const tickMs = 1_000;
const ticksToAsk = 4;
/**
 * The number of calls of `isRevoked` that may fail or stay without an answer. After half a minute the
 * principal counts as revoked.
 */
const maxUnanswered = 6;

export interface LifetimesOptions extends Pick<AuthOptions, 'isRevoked'> {
  /** Returns the streams that are open now. */
  readonly held: () => Iterable<HeldStream>;
  readonly onError?: OnError;
}

/** The checks of one principal. */
interface Question {
  isOpen: boolean;
  unanswered: number;
}

/**
 * Ends the streams of principals that have expired or were revoked, or for which `isRevoked` gave no answer
 * for too long. Returns a function that stops the checks.
 */
export function watchLifetimes({ held, isRevoked, onError }: LifetimesOptions): Stop {
  // Keyed by principal: all streams of one login share one call. While a call has no answer, it is not
  // repeated.
  const questions = new Map<string, Question>();
  const askAbout = async (question: Question, streams: readonly HeldStream[]): Promise<void> => {
    const [first] = streams;
    if (isRevoked === undefined || first === undefined || question.isOpen) return;
    question.isOpen = true;
    try {
      if (await isRevoked(first.principal)) endAll(streams);
      question.unanswered = 0;
    } catch (error) {
      reportError(onError, error);
    } finally {
      question.isOpen = false;
    }
  };
  const askAll = (): void => {
    const named = Map.groupBy(held(), ({ principal }) =>
      JSON.stringify([principal.owner, principal.credential]),
    );
    for (const name of questions.keys()) if (!named.has(name)) questions.delete(name);
    for (const [name, streams] of named) {
      const question = questions.get(name) ?? { isOpen: false, unanswered: 0 };
      if (question.unanswered >= maxUnanswered) {
        endAll(streams);
        // A client that reconnects is checked anew.
        questions.delete(name);
        continue;
      }
      questions.set(name, question);
      void askAbout(question, streams);
      question.unanswered += 1;
    }
  };

  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    try {
      for (const stream of held()) if (isExpired(stream.principal)) stream.end('expired');
      if (isRevoked !== undefined && ticks % ticksToAsk === 0) askAll();
    } catch (error) {
      // A timer has no caller that could catch the error.
      reportError(onError, error);
    }
  }, tickMs);
  return () => clearInterval(timer);
}

function endAll(streams: readonly HeldStream[]): void {
  for (const stream of streams) stream.end('expired');
}
