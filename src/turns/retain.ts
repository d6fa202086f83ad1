import type { EventLog } from '../log/index.ts';
import { toSeq } from '../protocol/index.ts';
import type { SessionState } from '../protocol/index.ts';

/** How much of a session's log is kept. What is forgotten is folded into a state; who comes back for it gets that state. */
export interface Retention {
  /** Entries beyond which all turns but the last are forgotten when a turn ends. @default unlimited */
  readonly entries?: number;
  /** Age beyond which turns are forgotten when a later one ends, in milliseconds. @default unlimited */
  readonly ageMs?: number;
  /** How long a one-shot session is kept after its turn, in milliseconds. @default 3_600_000 */
  readonly onceMs?: number;
}

/** A turn that has just ended, between the boundaries where a log may be cut: no turn is open there. */
export interface TurnSpan {
  /** The state before the turn began. */
  readonly before: SessionState;
  readonly after: SessionState;
  /** The seq up to which the log was forgotten earlier. */
  readonly trimmed: number;
}

/** Forgets what need not be kept: up to the start of the turn that has just ended, never more. */
export async function retain(
  log: EventLog,
  session: string,
  { before, after, trimmed }: TurnSpan,
  retention: Retention,
): Promise<void> {
  const { entries = Infinity, ageMs = Infinity } = retention;
  if (before.last === undefined || after.last === undefined || toSeq(before.last) <= trimmed) return;
  const last = before.messages.findLast(({ role }) => role === 'agent');
  const isOld = last !== undefined && Date.now() - last.at >= ageMs;
  if (isOld || toSeq(after.last) - trimmed > entries) await log.trim(session, before.last, before);
}
