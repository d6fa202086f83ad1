import { RefusalError, toSeq } from '../protocol/index.ts';
import { checkNumber } from '../protocol/internal.ts';
import type { Entry, EntryId } from '../protocol/index.ts';
import { giveWay } from './event-loop.ts';
import type { EventLog, Gone, Missing, Page, Stop, Wake } from './log.ts';

export interface PumpOptions {
  readonly after?: EntryId | undefined;
  /** Entries per read. @default 256 */
  readonly pageSize?: number;
  /**
   * Receives each page that is not empty. If it returns a promise, the pump reads nothing until it resolves.
   * `missing` and `gone` are the last.
   */
  take(page: Page | Missing | Gone): Promise<void> | void;
  /**
   * Receives entries that came with hints and follow the last ones that were passed on. The pump does not
   * read them. Without it, the pump reads everything.
   */
  readonly takeHinted?: (entries: readonly Entry[]) => void;
  /** Receives the error if the log cannot be read. Nothing comes after it. */
  fail(error: unknown): void;
}

export interface Pump {
  /** Ends the pump: it passes on nothing more. */
  readonly stop: Stop;
  /**
   * Resolves when all entries that were in the log at the call have been passed on, or the pump has ended.
   */
  caughtUp(): Promise<void>;
}

/**
 * The first and the longest pause before the next try to reach a store, in milliseconds. A hint from the
 * store ends the pause early.
 */
const retry = { firstMs: 100, longestMs: 2_000 };

/**
 * Reads a session's entries, first the existing ones and then new ones, until it is stopped. Replay and live
 * are the same loop: a hint wakes it, and it reads the log after the last entry it has. So no entry can be
 * lost between the two. If the hint carries the entries that come next, the read is saved. While it waits it
 * holds no promise. If a store is out of reach, the pump tries again.
 */
export function createPump(
  log: EventLog,
  session: string,
  { after, pageSize = 256, take, takeHinted, fail }: PumpOptions,
): Pump {
  checkNumber('pageSize', pageSize, { least: 1, whole: true, infinity: 'for all at once' });
  let last = after;
  /** Entries of hints, up to `last`, that were not passed on yet. */
  let hinted: readonly Entry[] = [];
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
  /** Waits until a hint comes, the pump is stopped, or the time is over. */
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
      // A caller of `caughtUp` gets what there is.
      settle(waiting.length);
      if (!isHinted && !isStopped) await pause(retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, retry.longestMs);
      isHinted = true;
      return undefined;
    }
  };
  const read = async (): Promise<void> => {
    while (isHinted && !isStopped) {
      // Cleared before the read: an entry that arrives during the read starts another round.
      isHinted = false;
      const asked = waiting.length;
      const page = await readPage();
      passHinted();
      if (isStopped) return;
      if (page === undefined) continue;
      if (page.type !== 'page') {
        stop();
        await take(page);
        return;
      }
      const { entries, base } = page;
      // If the log does not mark its end, only an empty page is the end.
      const isEmpty = entries.length === 0 && base === undefined;
      const isEnd = isEmpty || page.end === true;
      isHinted ||= !isEnd;
      last = entries.at(-1)?.id ?? base?.last ?? last;
      const taken = isEmpty ? undefined : take(page);
      if (taken !== undefined) await taken;
      if (isEnd && asked > 0) settle(asked);
      // A store in memory answers at once. Without this, a long log would block the event loop.
      const turn = isHinted ? giveWay() : undefined;
      if (turn !== undefined) await turn;
    }
    isReading = false;
  };
  const breakOff = (error: unknown): void => {
    stop();
    fail(error);
  };
  const passHinted = (): void => {
    const entries = hinted;
    hinted = [];
    if (entries.length === 0 || isStopped) return;
    try {
      takeHinted?.(entries);
    } catch (error) {
      breakOff(error);
    }
  };
  const wake = (): void => {
    isHinted = true;
    endPause();
    if (isReading || isStopped) return;
    isReading = true;
    read().catch(breakOff);
  };
  const hear: Wake = (_, entries) => {
    // While it reads, the entries may be in its page too. The next read then settles what is new.
    if (isReading || takeHinted === undefined || entries === undefined || !follows(entries, last))
      return wake();
    // Entries of several hints in one moment are passed on together.
    if (hinted.length === 0) queueMicrotask(passHinted);
    hinted = hinted.length === 0 ? entries : [...hinted, ...entries];
    last = entries.at(-1)?.id;
  };

  const unwatch = log.watch(session, hear);
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

/**
 * Returns whether there are entries, and they are the next ones after an id. Without an id, the log begins.
 */
function follows(entries: readonly Entry[], id: EntryId | undefined): boolean {
  let seq = id === undefined ? 0 : toSeq(id);
  for (const entry of entries) {
    seq += 1;
    if (toSeq(entry.id) !== seq) return false;
  }
  return entries.length > 0;
}
