import { redact } from '../../redact.ts';
import { toVisible } from '../../to-visible.ts';
import { createOutput } from './create-output.ts';
import { describeError } from './describe-error.ts';
import type { ErrorDescription } from './describe-error.ts';
import type { Log } from './log.ts';

/**
 * Creates a log for a terminal: status on the standard output, warnings and errors on the standard error. No
 * text can end or start a line.
 */
export function createTextLog(): Log {
  const toNote = (lines: number): string =>
    `heddle: ${lines} lines are left out here: they were not read in time\n`;
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

/** Formats an error for a terminal: its message, then the stack, then its causes. */
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
