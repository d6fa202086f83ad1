import { redact } from '../../redact.ts';
import { toVisible } from '../../to-visible.ts';
import { createOutput } from './create-output.ts';
import { describeError } from './describe-error.ts';
import type { ErrorDescription } from './describe-error.ts';
import type { Log } from './log.ts';

/** Creates a log for people at a terminal: how things are on the standard output, what goes wrong on the standard error. No text, from wherever it comes, can end a line or begin one. */
export function createTextLog(): Log {
  const toNote = (lines: number): string => `heddle: ${lines} lines are left out here: nobody read them\n`;
  const output = createOutput(process.stdout, { toNote });
  const errors = createOutput(process.stderr, { toNote });
  return {
    hooks: {
      onError: (error, where) => {
        const place = Object.entries(where).map(([name, value]) => `${name} ${value}: `);
        errors.write(`heddle: ${place.join('')}${toLogLine(error)}\n`);
      },
      onWarning: (sentence) => errors.write(`heddle: ${redact(sentence)}\n`),
    },
    say: (text) => output.write(`${redact(text)}\n`),
    warn: (text) => errors.write(`heddle: ${redact(text)}\n`),
    end: async () => (await Promise.all([output.end(1_000), errors.end(1_000)])).every(Boolean),
  };
}

/** An error in lines for a terminal: its words, and below them where it was thrown, and its causes. */
export function toLogLine(error: unknown): string {
  return toLines(describeError(error)).map(toVisible).join('\n    ');
}

function toLines({ name, message, at = [], cause, errors = [] }: ErrorDescription): readonly string[] {
  const below = (kind: string, described: ErrorDescription): readonly string[] => {
    const [first = '', ...others] = toLines(described);
    return [`${kind}: ${first}`, ...others];
  };
  return [
    name === undefined ? message : `${name}: ${message}`,
    ...at,
    ...errors.flatMap((error, index) => below(`error ${index + 1}`, error)),
    ...(cause === undefined ? [] : below('cause', cause)),
  ];
}
