import type { EventLog } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { CallerCommand, Engine } from '../turns/index.ts';

/** How often a turn that is just about to start is waited for, and how long, in milliseconds. */
const tries = 40;
const pauseMs = 50;

/**
 * Takes back all that waits in a session, then stops its turn, or closes the approvals it waits for; false where there is no such session. By commands in
 * the log, so whichever node is at work there; what was said stays.
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
    // The turn that goes on after approvals cannot be taken back: it is stopped when it has started.
    if (queue.some(({ resumes }) => resumes !== undefined))
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return true;
}

/** It has started meanwhile, and is stopped as a turn. */
function ignoreTooLate(error: unknown): void {
  if (!(error instanceof RefusalError && error.code === 'too_late')) throw error;
}
