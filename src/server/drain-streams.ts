import type { OpenStream } from './stream.ts';

export interface DrainOptions {
  /** Whether this node is at work in a session: who waits for its turn stays to the turn's end. */
  readonly isAtWork: (session: string) => boolean;
  /** How long it may take, in milliseconds. */
  readonly drainMs: number;
}

const tickMs = 100;
/** So many end in a tick, or so much of all: a twelfth in a second, for those who come back wait by chance and bunch a little. */
const fewest = 5;

/** Ends all streams, each when its session falls quiet, and never too many at once: they come back elsewhere. */
export async function drainStreams(
  open: Iterable<OpenStream>,
  { isAtWork, drainMs }: DrainOptions,
): Promise<void> {
  const waiting = new Set(open);
  const share = Math.max(fewest, Math.ceil(waiting.size / 125));
  const deadline = performance.now() + drainMs;
  while (waiting.size > 0) {
    const isLate = performance.now() >= deadline;
    const quiet = [...waiting].filter(({ session }) => isLate || !isAtWork(session));
    for (const stream of isLate ? quiet : quiet.slice(0, share)) {
      waiting.delete(stream);
      stream.end('draining');
    }
    if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
}
