import type { OpenStream } from './stream.ts';

/** Waits until the streams have said their last, for a second at most: who does not take it comes back for it. */
export async function allEnded(open: ReadonlySet<OpenStream>): Promise<void> {
  const deadline = performance.now() + 1_000;
  while (open.size > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
