import type { EventLog } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { CallerCommand, Engine } from '../turns/index.ts';

/**
 * The number of attempts to stop a turn that is about to start, and the pause between them in milliseconds.
 */
const tries = 40;
const pauseMs = 50;

/**
 * Stops a session: withdraws its waiting messages, then cancels its turn or closes its open approvals.
 * Returns false if there is no such session. It sends commands through the log, so it works on whichever node
 * runs the session. The events in the log stay.
 */
export async function killSession(
  log: EventLog,
  engine: Pick<Engine, 'submit'>,
  session: string,
): Promise<boolean> {
  for (let left = tries; left > 0; left -= 1) {
    const page = await log.read(session, undefined, 0);
    if (page.type !== 'page') return false;
    const { owner, turn, waiting, queue } = page.head;
    const submit = (command: CallerCommand): Promise<unknown> => engine.submit(session, command, { owner });
    const isStopped = turn === undefined || turn.cancelled === true;
    if (isStopped && waiting === undefined && queue.length === 0) return true;

    for (const { message, resumes } of queue) {
      const at = Date.now();
      if (resumes === undefined) await submit({ type: 'withdraw', message, at }).catch(ignoreTooLate);
    }
    await submit({ type: 'cancel', at: Date.now() });
    // A turn that resumes after approvals cannot be withdrawn. It is cancelled once it has started.
    if (queue.some(({ resumes }) => resumes !== undefined))
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return true;
}

/** Ignores `too_late`: the message has started meanwhile, and is cancelled as a turn. */
function ignoreTooLate(error: unknown): void {
  if (!(error instanceof RefusalError && error.code === 'too_late')) throw error;
}
