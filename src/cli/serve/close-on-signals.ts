import type { Listening } from 'heddle/node';
import type { Server } from 'heddle/server';

export interface CloseOptions {
  readonly warn: (text: string) => void;
  /** How long running turns may take to end, in milliseconds. @default 30_000 */
  readonly drainMs?: number;
  /** Aborting it has the effect of a first signal. */
  readonly stop?: AbortSignal;
}

/**
 * Closes the server after the first SIGINT or SIGTERM, and resolves when everything is closed. A second
 * signal exits at once; the next start takes the turns over.
 */
export async function closeOnSignals(
  server: Server,
  listening: Listening,
  { warn, drainMs = 30_000, stop }: CloseOptions,
): Promise<void> {
  const leave = (): void => process.exit(130);
  await new Promise<void>((resolve) => {
    const onSignal = (): void => {
      // Before the others are removed: a signal without a listener would end the process with no `exit` event.
      process.once('SIGINT', leave);
      process.once('SIGTERM', leave);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      stop?.removeEventListener('abort', onSignal);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    stop?.addEventListener('abort', onSignal);
    if (stop?.aborted) onSignal();
  });
  const { sessions } = server.load;
  if (sessions > 0 && drainMs > 0)
    warn(`waiting for ${sessions === 1 ? 'one turn' : `${sessions} turns`} to end; Ctrl-C leaves at once`);
  await listening.close(drainMs);
  process.off('SIGINT', leave);
  process.off('SIGTERM', leave);
}
