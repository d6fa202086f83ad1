import type { Head, OpenTurn, Store } from '../log/index.ts';
import { mint } from '../protocol/internal.ts';
import type { Agent, PartState, SessionState, ToolPart, Turn } from '../protocol/index.ts';
import { checkEvent } from './agent-event.ts';
import type { CheckedEvent } from './agent-event.ts';
import { createGatherer, defaultGatherMs } from './gather.ts';
import { LeaseLostError } from './held-lease.ts';
import type { HeldLease } from './held-lease.ts';
import { createTurnHistory } from './history.ts';
import { runAgent } from './run-agent.ts';
import { joinSignals } from './join-signals.ts';
import { createProblemReport } from './problem-report.ts';
import { createSpeech } from './speech.ts';
import type { SpeechOptions } from './speech.ts';
import { reportError } from './report-error.ts';
import type { OnError } from './report-error.ts';
import { toEnd } from './to-end.ts';
import type { OpenBudget } from './turn-budget.ts';
import { findTurn, findTurnBefore, toHistory, toInput } from './turn-input.ts';
import { watchLimits } from './turn-limits.ts';
import type { TurnLimits } from './turn-limits.ts';
import { loadMemory } from './turn-memory.ts';
import { watchCancel } from './watch-cancel.ts';
import type { Wheel } from './wheel.ts';

export interface TurnOptions {
  /** How long text deltas are gathered into one append at most, in milliseconds. @default 25 */
  readonly gatherMs?: number;
  /** The limits of one turn. */
  readonly limits?: TurnLimits;
  /** How long a stopped agent may take to end, in milliseconds. @default 5_000 */
  readonly cancelMs?: number;
  /** How long an approval may stay unanswered, in milliseconds. @default 86_400_000 */
  readonly approvalMs?: number;
  /** @default console.error */
  readonly onError?: OnError;
  /** Opens the budget that a turn is charged to. @default nothing is counted */
  readonly openBudget?: OpenBudget;
}

export interface Running extends TurnOptions {
  /** Turns that share a wheel append together. @default a wheel of its own */
  readonly wheel?: Wheel | undefined;
  readonly store: Pick<Store, 'log' | 'snapshots'>;
  readonly agent: Agent;
  readonly session: string;
  readonly hold: HeldLease;
  readonly leave: AbortSignal;
}

/**
 * Runs one attempt of the turn that is open in the head, from the agent's first event to the one
 * `message_end`.
 */
export async function runTurn(
  options: Running,
  state: SessionState,
  head: Head,
  open: OpenTurn,
): Promise<void> {
  const {
    store,
    agent,
    session,
    hold,
    leave,
    wheel,
    gatherMs = defaultGatherMs,
    cancelMs = 5_000,
    approvalMs = 86_400_000,
  } = options;
  const { turn, message, attempt, resumes } = open;
  const where = { session, turn };
  const report = createProblemReport(options.onError, where);
  const before = findTurnBefore(state, turn);
  const memory = await hold.insist(() =>
    loadMemory({ snapshots: store.snapshots, session, turn, attempt, before, report }),
  );
  const cancel = watchCancel(store.log, session, turn, head.version);
  const limits = watchLimits(options.limits ?? {});
  const broken = new AbortController();
  const { signal, detach } = joinSignals([cancel.signal, limits.signal, hold.lost, leave, broken.signal]);

  const speech = createSpeech({ turn, attempt, report, ...toKnown(state, open) });
  const gatherer = createGatherer({ append: hold.append, gatherMs, wheel });
  const budget = options.openBudget?.({ owner: head.owner, session });
  const say = (value: unknown): Promise<void> | undefined => {
    const event = checkEvent(value, report);
    limits.see(event);
    // After a stop only facts are kept: tool calls, their results, and usage.
    if (!signal.aborted || isFact(event)) {
      const spoken = speech.say(event);
      limits.note(spoken);
      gatherer.add(spoken);
    }
    if (event.type === 'usage') return budget?.spend(event.usage);
    // A tool must not run before its call is in the log. Otherwise the next holder would not know of the call,
    // and would repeat it.
    return event.type === 'tool_use' ? gatherer.flush() : gatherer.room();
  };

  let failure: unknown;
  try {
    await budget?.start();
    // The agent gets copies, because it may change them. Retention and checkpoints store the folded state.
    const asked: Turn = {
      turn,
      attempt,
      input: structuredClone(toInput(state, message, resumes)),
      signal,
      history: createTurnHistory((count) => toHistory(state, turn, count), agent.history),
      save: memory.save,
      ...(memory.snapshot !== undefined && { snapshot: memory.snapshot }),
    };
    const metadata = structuredClone(state.metadata);
    const about = { session, owner: head.owner, ...(metadata !== undefined && { metadata }) };
    await runAgent({
      agent,
      session: about,
      turn: asked,
      drainMs: cancelMs,
      say,
      onBroken: () => broken.abort(),
    });
  } catch (error) {
    failure = error ?? new Error('The agent threw nothing.');
  } finally {
    limits.stop();
    cancel.stop();
    detach();
    await budget?.end();
  }
  // The turn is left to the next holder: it stays open in the head, and is due.
  if (hold.lost.aborted) throw new LeaseLostError();
  if (leave.aborted && !cancel.signal.aborted) return;

  const end = toEnd(failure, limits.signal, cancel.signal.aborted, speech.approvals.length > 0);
  if (end.isToTell) reportError(options.onError, failure, where);
  gatherer.add(speech.close(end.tools));
  await gatherer.flush();
  if (end.outcome === 'waiting') await hold.insist(memory.keep);
  // The snapshot is a cache, so the answer does not fail without it.
  if (end.outcome === 'completed')
    await memory.keep().catch((error: unknown) => reportError(options.onError, error, where));
  const at = Date.now();
  const { reason, usage, approvals } = speech;
  const waiting = { approvals, next: mint(16), expiresAt: at + approvalMs };
  await hold.command({
    type: 'end',
    turn,
    outcome: end.outcome,
    error: end.error,
    reason,
    usage,
    waiting,
    at,
  });
  await memory.settle().catch((error: unknown) => reportError(options.onError, error, where));
}

function isFact({ type }: CheckedEvent): boolean {
  return type === 'tool_use' || type === 'tool_result' || type === 'usage';
}

/** Returns the names that are taken when a turn begins, and the earlier calls that it may go on with. */
function toKnown(state: SessionState, { turn, resumes }: OpenTurn): Pick<SpeechOptions, 'used' | 'earlier'> {
  const partsOf = (name: string): readonly PartState[] => findTurn(state, name)?.parts ?? [];
  const toolsOf = (name: string): readonly ToolPart[] => partsOf(name).filter((part) => part.type === 'tool');
  const approvals = (): readonly string[] | undefined =>
    state.earlier
      ? undefined
      : state.messages.flatMap((message) =>
          message.role === 'agent'
            ? message.parts.flatMap((part) => (part.type === 'approval' ? [part.approval] : []))
            : [],
        );
  return {
    used: { calls: toolsOf(turn).map(({ call }) => call), approvals },
    earlier: new Map((resumes === undefined ? [] : toolsOf(resumes)).map((part) => [part.call, part])),
  };
}
