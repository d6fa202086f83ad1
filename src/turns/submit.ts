import type { AppendOptions, AppendReceipt, EventLog, Head } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Entry } from '../protocol/index.ts';
import type { CallerCommand } from './command.ts';
import { decide } from './decide.ts';
import type { DecideOptions } from './decide.ts';
import type { Append } from './decision.ts';

export type Key = NonNullable<AppendOptions['key']>;

/**
 * The entries that a command wrote, now or the first time that its key was used. There are none if there was
 * nothing to do.
 */
export interface Submission {
  readonly entries: readonly Entry[];
  readonly repeated: boolean;
}

export interface SubmitOptions extends DecideOptions {
  /** Checked against the head. A session of another owner does not exist for the caller. */
  readonly owner: string;
  readonly key?: Key | undefined;
  /**
   * Called before anything is written, and only for the owner. Resolves with a refusal if the command does
   * not fit the conversation.
   */
  readonly check?: (() => Promise<RefusalError | undefined>) | undefined;
}

/**
 * Decides a command, and appends the result under the head that it was decided with. Decides again if another
 * append came between. Throws a RefusalError: `not_found`, `key_reused`, a refusal of `decide`, or one of the
 * store.
 */
export async function submit(
  log: EventLog,
  session: string,
  command: CallerCommand,
  { owner, key, check, ...options }: SubmitOptions,
): Promise<Submission> {
  for (;;) {
    const page = await log.read(session, undefined, 0);
    if (page.type !== 'page' || page.head.owner !== owner) throw new RefusalError('not_found');
    const misfit = await check?.();
    const decision = misfit ? undefined : decide(page.head, command, options);
    if (decision?.type === 'append') {
      const result = await log.append(session, decision.events, {
        ...under(page.head, decision),
        ...(key && { key }),
      });
      if (result.type === 'appended') return { entries: result.entries, repeated: false };
      if (result.reason === 'conflict') continue;
      return toSubmission(result);
    }
    // A repeated key gets the first response, even if the command would be refused now.
    const earlier = key && (await findKey(log, session, key, page.head));
    if (earlier) return earlier;
    if (misfit) throw misfit;
    if (decision?.type === 'refuse') throw new RefusalError(decision.code);
    return { entries: [], repeated: false };
  }
}

/** Looks up a key in the log. The append can write nothing, because no head has version -1. */
async function findKey(log: EventLog, session: string, key: Key, now: Head): Promise<Submission | undefined> {
  const result = await log.append(session, [], { key, head: { was: -1, now } });
  return result.type === 'refused' && result.reason !== 'conflict' ? toSubmission(result) : undefined;
}

/**
 * Turns a refused append into the submission that used the key first. Throws a RefusalError if there is none.
 */
export function toSubmission(
  result: Exclude<Awaited<ReturnType<EventLog['append']>>, AppendReceipt>,
): Submission {
  if (result.reason === 'duplicate') return { entries: result.entries, repeated: true };
  if (result.reason === 'mismatch') throw new RefusalError('key_reused');
  throw new RefusalError('not_found');
}

function under(head: Head, { head: now }: Append): Pick<AppendOptions, 'head'> {
  return { head: { was: head.version, now } };
}
