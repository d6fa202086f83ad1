import type { Reader } from './reader.ts';

export interface DrainOptions {
  /**
   * Returns whether this node is at work in a session. A reader of such a session stays until the turn ends.
   */
  readonly isAtWork: (session: string) => boolean;
  /** The longest time to wait for turns, in milliseconds. */
  readonly drainMs: number;
}

const tickMs = 100;
/** The least number of readers that may end per tick. */
const fewest = 5;
/**
 * Of many readers, about a twelfth ends per second. Clients wait for a random time before they reconnect, so
 * their reconnects bunch a little.
 */
const ticks = 125;
/**
 * The longest time for the last frames, in milliseconds. A client that does not take them in time reconnects
 * for them.
 */
const lastWordsMs = 1_000;

/**
 * Ends all readers, each one when its session is quiet. Only a share of them ends per tick, because their
 * clients reconnect to other nodes. After `drainMs`, all that remain end at once.
 */
export async function drainReaders(
  running: ReadonlySet<Reader>,
  { isAtWork, drainMs }: DrainOptions,
): Promise<void> {
  const waiting = new Set(running);
  const share = Math.max(fewest, Math.ceil(waiting.size / ticks));
  const deadline = performance.now() + drainMs;
  while (waiting.size > 0) {
    const isLate = performance.now() >= deadline;
    const quiet = [...waiting].filter(({ session }) => isLate || !isAtWork(session));
    for (const reader of isLate ? quiet : quiet.slice(0, share)) {
      waiting.delete(reader);
      reader.end('draining');
    }
    if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
}

/** Waits until all readers have sent their last frames and have ended, for one second at most. */
export async function whenAllEnded(running: ReadonlySet<Reader>): Promise<void> {
  const deadline = performance.now() + lastWordsMs;
  while (running.size > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
