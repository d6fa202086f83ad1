import type { Snapshots } from '../log/index.ts';
import { maxSnapshot } from '../protocol/internal.ts';
import type { AgentMessage } from '../protocol/index.ts';
import type { ReportProblem } from './agent-event.ts';

/** An agent's own memory, from one turn of a session to the next. */
export interface TurnMemory {
  /** The snapshot of the turn right before, if it still fits the conversation. */
  readonly snapshot: unknown;
  save(snapshot: unknown): void;
  /** Stores the snapshot. Resolves with whether there was one that could be kept. */
  readonly keep: () => Promise<boolean>;
  /** Deletes older snapshots. Call it when the turn has ended in the log. */
  settle(): Promise<void>;
}

export interface TurnMemoryOptions {
  readonly snapshots: Snapshots;
  readonly session: string;
  readonly turn: string;
  readonly attempt: number;
  /** The turn before, in the conversation that is in force. */
  readonly before: AgentMessage | undefined;
  readonly report: ReportProblem;
}

/**
 * Loads the snapshot of the turn before. Names of snapshots contain the attempt: a late save of an owner that
 * lost its lease is never taken for ours.
 */
export async function loadMemory({
  snapshots,
  session,
  turn,
  attempt,
  before,
  report,
}: TurnMemoryOptions): Promise<TurnMemory> {
  const name = toName(turn, attempt);
  const fits = before?.outcome === 'completed' || before?.outcome === 'waiting';
  const text =
    before && fits ? await snapshots.load(session, toName(before.turn, before.attempt)) : undefined;
  let saved: string | undefined;
  let kept = false;
  return {
    snapshot: text === undefined ? undefined : JSON.parse(text),
    save: (snapshot) => {
      const json = JSON.stringify(snapshot) ?? 'null';
      saved = json.length > maxSnapshot ? undefined : json;
      if (saved === undefined) {
        report(
          `The agent saved ${json.length} characters; at most ${maxSnapshot} are kept. They are left out.`,
        );
      }
    },
    keep: async () => {
      if (saved === undefined) return false;
      await snapshots.save(session, name, saved);
      kept = true;
      return true;
    },
    settle: async () => {
      if (kept) await snapshots.keepOnly(session, name);
    },
  };
}

function toName(turn: string, attempt: number): string {
  return `${turn}.${attempt}`;
}
