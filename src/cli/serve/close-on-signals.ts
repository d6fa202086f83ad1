import type { Listening } from 'heddle/node';
import type { Server } from 'heddle/server';

/** How long turns that run may take to their end after the first signal. */
const drainMs = 30_000;

/** Resolves after the first SIGINT or SIGTERM, when all is closed; a second one leaves at once: turns are taken up at the next start. */
export async function closeOnSignals(
  server: Server,
  listening: Listening,
  warn: (text: string) => void,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const onSignal = (): void => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
  const { sessions } = server.load;
  if (sessions > 0) {
    warn(`waiting for ${sessions === 1 ? 'one turn' : `${sessions} turns`} to end; Ctrl-C leaves at once`);
  }
  const leave = (): void => process.exit(130);
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  await listening.close(drainMs);
  process.off('SIGINT', leave);
  process.off('SIGTERM', leave);
}
