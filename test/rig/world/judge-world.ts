import { setImmediate as tick } from 'node:timers/promises';
import type { Store } from '../../../src/log/index.ts';
import { toSeq } from '../../../src/protocol/index.ts';
import { check, readFinalLog } from '../../../src/testing/index.ts';
import type { HistoryRecorder, ReaderRecorder, Violation } from '../../../src/testing/index.ts';

/** The result of one world. */
export interface WorldVerdict {
  readonly violations: readonly Violation[];
  /** Turns whose tool had its effect more than once. */
  readonly repeatedEffects: readonly string[];
  /** The number of turns whose tool had its effect. */
  readonly effects: number;
  readonly entries: number;
  /** The ends of turns in the final logs. */
  readonly turns: number;
  /** Logs whose beginning was trimmed. */
  readonly trims: number;
  readonly readers: number;
  readonly connections: number;
}

/** A reader of a world. */
export interface WorldFollower {
  readonly recorder: ReaderRecorder;
  readonly leave: AbortController;
  readonly session: number;
  readonly done: Promise<void>;
}

/** Reads the final logs, waits for the readers that stayed, and checks the history. */
export async function judge(
  history: HistoryRecorder,
  { log }: Store,
  sessions: readonly string[],
  followers: readonly WorldFollower[],
  effects: ReadonlyMap<string, number>,
): Promise<WorldVerdict> {
  let entries = 0;
  let turns = 0;
  let trims = 0;
  for (const [index, session] of sessions.entries()) {
    const final = await readFinalLog(log, session);
    if (final === undefined) throw new Error('A log is gone.');
    history.log(final);
    entries += toSeq(final.entries.at(-1)?.id ?? final.trimmed ?? '0');
    if (final.trimmed !== undefined) trims += 1;
    turns += final.entries.filter(({ event }) => event.type === 'message_end').length;
    const last = final.entries.at(-1)?.id;
    // Rule R5 of the checker finds a reader that has not received everything by then.
    const deadline = performance.now() + 3_000;
    for (const follower of followers) {
      if (follower.session % 2 !== index || follower.leave.signal.aborted) continue;
      while (follower.recorder.last !== last && performance.now() < deadline) await tick();
    }
  }
  const seen = history.toHistory();
  return {
    violations: check(seen),
    repeatedEffects: [...effects].filter(([, count]) => count > 1).map(([turn]) => turn),
    effects: effects.size,
    entries,
    turns,
    trims,
    readers: seen.readers.length,
    connections: seen.readers.reduce((sum, { connections }) => sum + connections.length, 0),
  };
}
