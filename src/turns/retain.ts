import type { EventLog } from '../log/index.ts';
import { toSeq } from '../protocol/index.ts';
import type { SessionState } from '../protocol/index.ts';

/**
 * How much of a session's log is kept. Trimmed entries are folded into a state, and a client that comes back
 * for them gets that state.
 */
export interface Retention {
  /**
   * How many entries a log may have. If there are more when a turn ends, all turns but the last are trimmed.
   * @default unlimited
   */
  readonly entries?: number;
  /**
   * How old turns may get, in milliseconds. Older ones are trimmed when a later turn ends.
   * @default unlimited
   */
  readonly ageMs?: number;
  /** How long a one-shot session is kept after its turn, in milliseconds. @default 3_600_000 */
  readonly onceMs?: number;
}

/**
 * A turn that has just ended, with the states before and after it. The log may be cut there, because no turn
 * is open.
 */
export interface TurnSpan {
  /** The state before the turn began. It may begin in the middle of the conversation. */
  readonly before: SessionState;
  /** Returns that state as a whole. Undefined if it is not to be had now. */
  readonly complete: () => Promise<SessionState | undefined>;
  readonly after: SessionState;
  /** The seq up to which the log was trimmed earlier. */
  readonly trimmed: number;
}

/**
 * Trims the part of a log that need not be kept: up to the start of the turn that has just ended, never more.
 * Resolves with the seq up to which the log is trimmed now.
 */
export async function retain(
  log: EventLog,
  session: string,
  { before, after, trimmed, complete }: TurnSpan,
  retention: Retention,
): Promise<number> {
  const { entries = Infinity, ageMs = Infinity } = retention;
  if (before.last === undefined || after.last === undefined || toSeq(before.last) <= trimmed) return trimmed;
  const last = before.messages.findLast(({ role }) => role === 'agent');
  const isOld = last !== undefined && Date.now() - last.at >= ageMs;
  if (!isOld && toSeq(after.last) - trimmed <= entries) return trimmed;
  const whole = await complete();
  // Otherwise the end of a later turn trims the log.
  if (whole?.last === undefined) return trimmed;
  await log.trim(session, whole.last, whole);
  return toSeq(whole.last);
}
