import { pino } from 'pino';
import { redact } from '../../redact.ts';
import { toPlainJson } from '../../to-plain-json.ts';
import { createOutput } from './create-output.ts';
import { describeError } from './describe-error.ts';
import type { Log } from './log.ts';

/**
 * Creates a log that writes JSON lines to the standard output, so no text can end or start a line. It logs
 * the route of a request, never its URL.
 */
export function createJsonLog(): Log {
  const output = createOutput(process.stdout, {
    toNote: (lines) =>
      `${JSON.stringify({ level: 40, time: new Date().toISOString(), lines, msg: 'lines are left out here: they were not read in time' })}\n`,
  });
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => output.write(toPlainJson(line)) },
  );
  return {
    hooks: {
      onAnswer: (record) => log.info(record, 'answered'),
      onError: (error, where) => log.error({ ...where, error: describeError(error) }, 'failed'),
      onWarning: (sentence) => log.warn(redact(sentence)),
    },
    say: (text) => log.info(redact(text)),
    warn: (text) => log.warn(redact(text)),
    end: () => output.end(1_000),
  };
}
