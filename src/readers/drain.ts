import type { Reader } from './reader.ts';

export interface DrainOptions {
  /** Whether this node is at work in a session: a reader that waits for its turn stays to the turn's end. */
  readonly isAtWork: (session: string) => boolean;
  /** How long it may take, in milliseconds. */
  readonly drainMs: number;
}

const tickMs = 100;
/** At least so many end in a tick. */
const fewest = 5;
/** Of many readers a twelfth ends in a second: clients wait by chance before they come back, and bunch a little. */
const ticks = 125;
/** How long the last words may take, in milliseconds: a client that does not take them comes back for them. */
const lastWordsMs = 1_000;

/** Ends all readers, each when its session falls quiet, and never too many at once: they come back elsewhere. */
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

/** Waits until all readers have said their last words, for a second at most. */
export async function whenAllEnded(running: ReadonlySet<Reader>): Promise<void> {
  const deadline = performance.now() + lastWordsMs;
  while (running.size > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
