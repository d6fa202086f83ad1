import { pino } from 'pino';
import type { ServerOptions } from 'heddle/server';
import { describeError } from './describe-error.ts';

/** Where it is written what happens. */
export interface Log {
  readonly hooks: Pick<ServerOptions, 'onAnswer' | 'onError' | 'onWarning'>;
  say(text: string): void;
}

/** Creates a log of lines of JSON on the standard output, so that no text, whoever it comes from, can end a line or begin one. Of requests it has the route, never the URL. */
export function createJsonLog(): Log {
  const output = pino.destination({ fd: 1, sync: true });
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => void output.write(toPlain(line)) },
  );
  return {
    hooks: {
      onAnswer: (answered) => log.info(answered, 'answered'),
      onError: (error, where) => log.error({ ...where, error: describeError(error) }, 'failed'),
      onWarning: (sentence) => log.warn(sentence),
    },
    say: (text) => log.info(text),
  };
}

/** JSON leaves as they are what some terminals obey (C1) and what turns the order of letters around. */
function toPlain(line: string): string {
  return line.replace(/[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => toEscape(character.charCodeAt(index))).join(''),
  );
}

function toEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
