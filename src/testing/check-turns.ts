import type { SessionEvent } from '../protocol/index.ts';
import type { FinalLog, LoggedEntry } from './history.ts';
import { violate } from './violation.ts';
import type { Violation } from './violation.ts';

/** The state of a turn while its log is read. */
interface TurnSoFar {
  attempt: number;
  /** Open parts, steps and calls, each with the entry that started it. */
  readonly open: Map<string, string>;
  end?: LoggedEntry;
}

/**
 * Checks R8 for one log: each started turn ends once, closes all it opened before that, and has no events
 * after.
 */
export function checkTurns({ session, entries, trimmed }: FinalLog): readonly Violation[] {
  const turns = new Map<string, TurnSoFar>();
  const complaints: Violation[] = [];
  const complain = (message: string, ids: readonly string[]): void =>
    void complaints.push(violate('R8', message, { session }, ids));

  for (const entry of entries) {
    const { id, event } = entry;
    if (event.type === 'message_start') {
      const known = turns.get(event.turn);
      const expected = (known?.attempt ?? 0) + 1;
      // If the first attempts of a turn were trimmed, its log may begin with any attempt.
      if (event.attempt !== expected && (known !== undefined || trimmed === undefined))
        complain(`Turn ${event.turn} begins attempt ${event.attempt} instead of ${expected}.`, [id]);
      if (known?.end) complain(`Turn ${event.turn} begins again after its end.`, [known.end.id, id]);
      turns.set(event.turn, { open: new Map(), ...known, attempt: event.attempt });
      continue;
    }
    const turn = 'turn' in event ? turns.get(event.turn) : undefined;
    if (turn === undefined || !('turn' in event)) continue;
    if (turn.end) {
      complain(`Turn ${event.turn} goes on after its end.`, [turn.end.id, id]);
      continue;
    }
    if (event.type === 'message_end') {
      turn.end = entry;
      for (const [what, opened] of turn.open)
        complain(`Turn ${event.turn} ends while ${what} is open.`, [opened, id]);
    } else trace(turn.open, event, id);
  }
  for (const [turn, { end }] of turns) if (end === undefined) complain(`Turn ${turn} has no end.`, []);
  return complaints;
}

function trace(open: Map<string, string>, event: SessionEvent, id: string): void {
  switch (event.type) {
    case 'content_start':
    case 'reasoning_start':
      open.set(`part ${event.part}`, id);
      return;
    case 'content_end':
    case 'reasoning_end':
      open.delete(`part ${event.part}`);
      return;
    case 'step_start':
      open.set(`step ${event.step}`, id);
      return;
    case 'step_end':
      open.delete(`step ${event.step}`);
      return;
    case 'tool_use_start':
      open.set(`call ${event.call}`, id);
      return;
    case 'tool_result':
      open.delete(`call ${event.call}`);
      return;
    default:
  }
}
