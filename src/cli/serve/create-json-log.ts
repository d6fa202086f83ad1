import { pino } from 'pino';
import type { ServerOptions } from 'heddle/server';

/** Writes what happens as lines of JSON to the standard output, so that no text, whoever it comes from, can end a line or begin one. */
export interface Log {
  readonly hooks: Required<Pick<ServerOptions, 'onAnswer' | 'onError'>>;
  say(text: string): void;
}

/** Creates a log. Of requests it has the route, never the URL; of errors their words and where they were thrown, never what they carry. */
export function createLog(): Log {
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 1, sync: true }),
  );
  return {
    hooks: {
      onAnswer: (answered) => log.info(answered, 'answered'),
      onError: (error, where) => log.error({ ...where, error: describe(error) }, 'failed'),
    },
    say: (text) => log.info(text),
  };
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack = '' } = error;
  // The stack repeats the words.
  const at = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return { name, message, at, ...(error.cause !== undefined && { cause: describe(error.cause) }) };
}
