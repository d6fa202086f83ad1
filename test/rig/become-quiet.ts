import type { Store } from '../../src/log/index.ts';

/** Longer than a lease (10 s), so that a step frees what a dead process held. In milliseconds. */
const leaseStep = 11_000;
const quietDeadlineMs = 15_000;

/**
 * Cancels running turns, and waits until the session has no turn, no queue and no open approval. Rejects
 * after 15 s.
 */
export async function becomeQuiet(
  cancel: (index: number, turn: 'any') => unknown,
  { log }: Store,
  session: string,
  index: number,
  clock: { offset: number; highest: number },
): Promise<void> {
  const started = performance.now();
  let nextStep = started;
  for (;;) {
    const page = await log.read(session, undefined, 0);
    if (page.type !== 'page') throw new Error('A session is gone.');
    const { turn, queue, waiting } = page.head;
    if (turn === undefined && queue.length === 0 && waiting === undefined) return;
    const elapsed = performance.now() - started;
    if (elapsed > quietDeadlineMs)
      throw new Error(`Session ${index} does not become quiet: ${JSON.stringify(page.head)}`);
    if (performance.now() >= nextStep) {
      // The step frees leases of dead processes. It also brings a clock that went back up to the latest time.
      clock.highest += leaseStep;
      clock.offset = clock.highest;
      nextStep += 500;
    }
    if (turn?.cancelled === undefined) cancel(index, 'any');
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stop();
        clearTimeout(timer);
        resolve();
      };
      const stop = log.watch(session, done);
      const timer = setTimeout(done, 5);
    });
  }
}
