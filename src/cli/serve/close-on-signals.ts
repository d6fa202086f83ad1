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
  let signals = 0;
  // One listener for all signals: without a listener, a signal would end the process with no `exit` event.
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(130);
    tell();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // No signal: the one that made the watching process stop this one may arrive later, and is the first one
  // then.
  stop?.addEventListener('abort', () => tell(), { once: true });
  if (stop?.aborted) tell();
  await told;
  const { sessions } = server.load;
  if (sessions > 0 && drainMs > 0)
    warn(`waiting for ${sessions === 1 ? 'one turn' : `${sessions} turns`} to end; Ctrl-C leaves at once`);
  await listening.close(drainMs);
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
}
