import { RefusalError } from '../protocol/index.ts';
import { checkNumber } from '../protocol/internal.ts';
import type { EntryId } from '../protocol/index.ts';
import { giveWay } from './event-loop.ts';
import type { EventLog, Gone, Missing, Page, Stop } from './log.ts';

export interface PumpOptions {
  readonly after?: EntryId | undefined;
  /** Entries read at a time. @default 256 */
  readonly pageSize?: number;
  /** Is given each page that says something; where it answers a promise, nothing is read until it resolves. `missing` and `gone` are the last. */
  take(page: Page | Missing | Gone): Promise<void> | void;
  /** The log could not be read; nothing comes after it. */
  fail(error: unknown): void;
}

export interface Pump {
  /** Ends it: nothing is given any more. */
  readonly stop: Stop;
  /** Resolves when what stood in the log at the call has been given, or the pump has ended. */
  caughtUp(): Promise<void>;
}

/** Pauses between tries to reach a store, in milliseconds: the first, and the longest. A store that tells when it is back wakes earlier. */
const retry = { firstMs: 100, longestMs: 2_000 };

/**
 * Reads a session's entries, what there is and then what comes, until stopped. Replay and live are the same loop: a hint wakes it, and it reads the
 * log after what it has; so nothing can fall between the two. While it waits it holds no promise. A store that is out of reach is tried again.
 */
export function createPump(
  log: EventLog,
  session: string,
  { after, pageSize = 256, take, fail }: PumpOptions,
): Pump {
  checkNumber('pageSize', pageSize, { least: 1, whole: true, infinity: 'for all at once' });
  let last = after;
  let isHinted = false;
  let isReading = false;
  let isStopped = false;
  let retryMs = retry.firstMs;
  let endPause = (): void => {};
  const waiting: (() => void)[] = [];

  const settle = (count: number): void => {
    for (const resolve of waiting.splice(0, count)) resolve();
  };
  const stop = (): void => {
    if (isStopped) return;
    isStopped = true;
    unwatch();
    settle(waiting.length);
    endPause();
  };
  /** Waits until a hint comes, it is stopped, or the time is up. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const readPage = async (): Promise<Page | Missing | Gone | undefined> => {
    try {
      const page = await log.read(session, last, pageSize);
      retryMs = retry.firstMs;
      return page;
    } catch (error) {
      if (!(error instanceof RefusalError) || error.code !== 'unavailable') throw error;
      // Who waits for what stands in the log gets what there is.
      settle(waiting.length);
      if (!isHinted && !isStopped) await pause(retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, retry.longestMs);
      isHinted = true;
      return undefined;
    }
  };
  const read = async (): Promise<void> => {
    while (isHinted && !isStopped) {
      // Taken before the read: an entry that comes while it runs wakes the next round.
      isHinted = false;
      const asked = waiting.length;
      const page = await readPage();
      if (isStopped) return;
      if (page === undefined) continue;
      if (page.type !== 'page') {
        stop();
        await take(page);
        return;
      }
      const { entries, base } = page;
      // Only an empty page is the end where the log does not say so.
      const isEmpty = entries.length === 0 && base === undefined;
      const isEnd = isEmpty || page.end === true;
      isHinted ||= !isEnd;
      last = entries.at(-1)?.id ?? base?.last ?? last;
      const taken = isEmpty ? undefined : take(page);
      if (taken !== undefined) await taken;
      if (isEnd && asked > 0) settle(asked);
      // A store in memory answers at once: a long log would be read in one go.
      const turn = isHinted ? giveWay() : undefined;
      if (turn !== undefined) await turn;
    }
    isReading = false;
  };
  const wake = (): void => {
    isHinted = true;
    endPause();
    if (isReading || isStopped) return;
    isReading = true;
    read().catch((error: unknown) => {
      stop();
      fail(error);
    });
  };

  const unwatch = log.watch(session, wake);
  wake();
  return {
    stop,
    caughtUp: () =>
      new Promise((resolve) => {
        if (isStopped) return resolve();
        waiting.push(resolve);
        wake();
      }),
  };
}
