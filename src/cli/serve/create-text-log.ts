import { toVisible } from '../to-visible.ts';
import type { Log } from './create-json-log.ts';
import { describeError } from './describe-error.ts';
import type { Described } from './describe-error.ts';

/** Creates a log for people at a terminal: only what goes wrong, on the standard error, and no text, whoever it comes from, can end a line or begin one. */
export function createTextLog(): Log {
  return {
    hooks: {
      onError: (error, where) => {
        const place = Object.entries(where).map(([name, value]) => `${name} ${value}: `);
        const lines = toLines(describeError(error));
        process.stderr.write(`heddle: ${place.join('')}${lines.map(toVisible).join('\n    ')}\n`);
      },
      onWarning: (sentence) => void process.stderr.write(`heddle: ${toVisible(sentence)}\n`),
    },
    say: (text) => void process.stdout.write(`${text}\n`),
  };
}

function toLines({ name, message, at = [], cause }: Described): readonly string[] {
  const [first = '', ...others] = cause === undefined ? [] : toLines(cause);
  return [
    name === undefined ? message : `${name}: ${message}`,
    ...at,
    ...(cause === undefined ? [] : [`cause: ${first}`, ...others]),
  ];
}
