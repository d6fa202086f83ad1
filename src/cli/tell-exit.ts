import { ExitError } from './serve/exit-error.ts';

/** Runs a command; what cannot be done is told in one sentence, with exit code 1. */
export async function tellExit(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    process.stderr.write(`heddle: ${error.message}\n`);
    process.exitCode = 1;
  }
}
