import type { Stop } from '../log/index.ts';
import { reportError } from '../turns/index.ts';
import type { OnError } from '../turns/index.ts';
import { isExpired } from './identify.ts';
import type { AuthOptions } from './identify.ts';
import type { HeldStream } from './streams.ts';

/** How often clocks are looked at, in milliseconds, and how many looks later revocations are asked for: within 5 s all in all. */
const tickMs = 1_000;
const ticksToAsk = 4;
/** How many of these questions may go without an answer before it is taken for a yes: for half a minute nobody can tell. */
const maxUnanswered = 6;

export interface LifetimesOptions extends Pick<AuthOptions, 'isRevoked'> {
  /** The streams that are open now. */
  readonly held: () => Iterable<HeldStream>;
  readonly onError?: OnError;
}

/** What is asked about one principal. */
interface Question {
  isOpen: boolean;
  unanswered: number;
}

/** Ends the streams of principals who are no longer good, and of those of whom nobody can tell for too long. */
export function watchLifetimes({ held, isRevoked, onError }: LifetimesOptions): Stop {
  // By principal: a hundred streams of one login are one question, and one that is not answered yet is not asked again.
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
        // Who comes back is asked about anew.
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
      // Nobody else would catch it: a timer has no caller.
      reportError(onError, error);
    }
  }, tickMs);
  return () => clearInterval(timer);
}

function endAll(streams: readonly HeldStream[]): void {
  for (const stream of streams) stream.end('expired');
}
