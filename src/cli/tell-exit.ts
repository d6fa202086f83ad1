import { redact } from './redact.ts';
import { ExitError } from './serve/exit-error.ts';
import { toLogLine } from './serve/log/create-text-log.ts';

/** Runs a command; what cannot be done is told in one sentence, with exit code 1. */
export async function tellExit(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof ExitError) process.stderr.write(`heddle: ${redact(error.message)}\n`);
    // Nobody knows what is still open.
    else process.stderr.write(`heddle: ${toLogLine(error)}\n`, () => process.exit());
  }
}
