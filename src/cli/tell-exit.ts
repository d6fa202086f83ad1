import { redact } from './redact.ts';
import { ExitError } from './serve/exit-error.ts';
import { toLogLine } from './serve/log/create-text-log.ts';

/**
 * Runs a command. On an error it prints the error and sets exit code 1; an ExitError prints as one sentence.
 */
export async function tellExit(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof ExitError) process.stderr.write(`heddle: ${redact(error.message)}\n`);
    // After an unexpected error the process exits: something may still be open.
    else process.stderr.write(`heddle: ${toLogLine(error)}\n`, () => process.exit());
  }
}
