import type { EntryId } from '../protocol/index.ts';
import type { EventLog, Gone, Missing, Page } from './log.ts';
import { createPump } from './pump.ts';

export interface FollowOptions {
  readonly after?: EntryId | undefined;
  /** Ends the follow, also while it waits. */
  readonly signal: AbortSignal;
  /** Entries per read. @default 256 */
  readonly pageSize?: number;
}

interface PageDelivery {
  readonly page: Page | Missing | Gone;
  /** Asks for the next page. */
  taken(): void;
}

/**
 * Yields a session's entries in pages: first the existing ones, then new ones, until the signal aborts.
 * `missing` and `gone` are yielded once and end the follow. It reads the log only as fast as the caller takes
 * the pages.
 */
export async function* follow(
  log: EventLog,
  session: string,
  { after, signal, pageSize = 256 }: FollowOptions,
): AsyncGenerator<Page | Missing | Gone, void, void> {
  if (signal.aborted) return;
  let next = Promise.withResolvers<PageDelivery | undefined>();
  const pump = createPump(log, session, {
    after,
    pageSize,
    take: (page) => new Promise((taken) => next.resolve({ page, taken })),
    fail: (error) => next.reject(error),
  });
  const abort = (): void => next.resolve(undefined);
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      const given = await next.promise;
      if (given === undefined || signal.aborted) return;
      next = Promise.withResolvers();
      yield given.page;
      if (given.page.type !== 'page' || signal.aborted) return;
      given.taken();
    }
  } finally {
    pump.stop();
    signal.removeEventListener('abort', abort);
  }
}
