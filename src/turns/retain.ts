import type { EventLog } from '../log/index.ts';
import { toSeq } from '../protocol/index.ts';
import type { EntryId, SentMessage, SessionState } from '../protocol/index.ts';
import { findTurn } from './turn-input.ts';

/**
 * How much of a session's log is kept. Trimmed entries are folded into a state, and a client that comes back
 * for them gets that state.
 */
export interface Retention {
  /**
   * How many entries a log may have. If there are more when a turn ends, all are trimmed that come before its
   * message, and before the messages that wait.
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
 * A turn that has just ended, with the states before and after it. They may begin in the middle of the
 * conversation.
 */
export interface TurnSpan {
  /** The message that the turn answered. */
  readonly message: string;
  readonly before: SessionState;
  readonly after: SessionState;
  /** Returns the whole state at an entry. Undefined if it is not to be had now. */
  readonly stateAt: (id: EntryId) => Promise<SessionState | undefined>;
  /** The seq up to which the log was trimmed earlier. */
  readonly trimmed: number;
}

/**
 * Trims the part of a log that need not be kept. The exchange whose turn has just ended stays, because it may
 * go on with answers to approvals, and a client may still read its end. Those of messages that wait stay too,
 * and no turn is cut in two. Resolves with the seq up to which the log is trimmed now.
 */
export async function retain(
  log: EventLog,
  session: string,
  { message, before, after, trimmed, stateAt }: TurnSpan,
  retention: Retention,
): Promise<number> {
  const { entries = Infinity, ageMs = Infinity } = retention;
  if (before.last === undefined || after.last === undefined || toSeq(before.last) <= trimmed) return trimmed;
  const last = before.messages.findLast(({ role }) => role === 'agent');
  const isOld = last !== undefined && Date.now() - last.at >= ageMs;
  if (!isOld && toSeq(after.last) - trimmed <= entries) return trimmed;
  const isNeeded = (sent: SentMessage): boolean => sent.message === message || sent.status === 'waiting';
  for (let cut = findCut(after, isNeeded); cut !== undefined && toSeq(cut) > trimmed;) {
    const whole = await stateAt(cut);
    // Otherwise the end of a later turn trims the log.
    if (whole === undefined) return trimmed;
    const { turn } = whole;
    if (turn === undefined) {
      await log.trim(session, cut, whole);
      return toSeq(cut);
    }
    // A message that had to wait was sent during an earlier turn, which must stay whole.
    const open = findTurn(whole, turn);
    cut = findCut(whole, (sent) => sent.message === open?.message);
  }
  return trimmed;
}

/** Returns the entry before the first of some messages. Undefined if there are none. */
function findCut(
  { messages }: SessionState,
  isNeeded: (message: SentMessage) => boolean,
): EntryId | undefined {
  const cuts = messages.flatMap((each) => (each.role === 'user' && isNeeded(each) ? [each.after] : []));
  return cuts.filter((cut) => cut !== undefined).toSorted((one, other) => toSeq(one) - toSeq(other))[0];
}
