import type { Listening } from 'heddle/node';
import type { Server } from 'heddle/server';

export interface CloseOptions {
  readonly warn: (text: string) => void;
  /** How long running turns may take to end, in milliseconds. @default 30_000 */
  readonly drainMs?: number;
  /** Aborting it closes the server, too. It does not count as a signal. */
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
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const leave = (): void => process.exit(130);
  const onSignal = (): void => {
    // Before the others are removed: a signal without a listener would end the process with no `exit` event.
    process.once('SIGINT', leave);
    process.once('SIGTERM', leave);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    tell();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // No signal: the one that made the watching process stop this one may arrive later, and is the first one then.
  stop?.addEventListener('abort', () => tell(), { once: true });
  if (stop?.aborted) tell();
  await told;
  const { sessions } = server.load;
  if (sessions > 0 && drainMs > 0)
    warn(`waiting for ${sessions === 1 ? 'one turn' : `${sessions} turns`} to end; Ctrl-C leaves at once`);
  await listening.close(drainMs);
  for (const listener of [leave, onSignal]) {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  }
}
