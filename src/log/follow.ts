import { RefusalError } from '../protocol/index.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import type { EventLog, Gone, Missing, Page } from './log.ts';

export interface FollowOptions {
  readonly after?: EntryId | undefined;
  /** Ends the follow; also while it waits. */
  readonly signal: AbortSignal;
  /** Entries read at a time. @default 256 */
  readonly pageSize?: number;
}

/** The longest pause between two tries to reach a store, in milliseconds. A store that tells when it is back wakes earlier. */
const maxRetryMs = 2_000;

/**
 * Yields a session's entries in batches, what there is and then what comes, until the signal aborts.
 * `missing` and `gone` are yielded once and end it. Replay and live are the same loop: a hint wakes it, and it
 * reads the log after what it has; so nothing can fall between the two. While the store is out of reach it waits.
 */
export async function* follow(
  log: EventLog,
  session: string,
  { after, signal, pageSize = 256 }: FollowOptions,
): AsyncGenerator<Page | Missing | Gone, void, void> {
  const hint = createHint(signal);
  const stop = log.watch(session, hint.wake);
  try {
    let last = after;
    let retryMs = 50;
    while (!signal.aborted) {
      // Taken before the read: an entry that comes while it runs wakes the next round.
      hint.clear();
      const page = await log.read(session, last, pageSize).catch(orOutOfReach);
      if (page === 'out of reach') {
        retryMs = Math.min(retryMs * 2, maxRetryMs);
        await hint.wait(retryMs * (0.5 + Math.random() / 2));
        continue;
      }
      retryMs = 50;
      if (page.type === 'page' && page.entries.length === 0 && page.base === undefined) {
        await hint.wait();
        continue;
      }
      if (signal.aborted) return;
      yield page;
      if (page.type !== 'page') return;
      last = lastOf(page.entries)?.id ?? page.base?.last ?? last;
      // What came since the page was read has raised the hint.
      if (page.end) await hint.wait();
    }
  } finally {
    stop();
    hint.stop();
  }
}

function orOutOfReach(error: unknown): 'out of reach' {
  if (error instanceof RefusalError && error.code === 'unavailable') return 'out of reach';
  throw error;
}

function lastOf(entries: readonly Entry[]): Entry | undefined {
  return entries[entries.length - 1];
}

/** One flag that is raised from outside and waited for by one. */
function createHint(signal: AbortSignal): {
  readonly wake: () => void;
  clear(): void;
  /** Resolves when it is raised, at the latest after `ms`. */
  wait(ms?: number): Promise<void>;
  stop(): void;
} {
  let raised = false;
  let resolve: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = (): void => {
    raised = true;
    resolve?.();
  };
  signal.addEventListener('abort', wake);
  return {
    wake,
    clear: () => {
      raised = signal.aborted;
      clearTimeout(timer);
    },
    wait: (ms) =>
      new Promise<void>((done) => {
        if (raised) done();
        else resolve = done;
        if (!raised && ms !== undefined) timer = setTimeout(done, ms);
      }),
    stop: () => {
      signal.removeEventListener('abort', wake);
      clearTimeout(timer);
    },
  };
}
