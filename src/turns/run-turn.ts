import type { Head, OpenTurn, Store } from '../log/index.ts';
import { mint } from '../protocol/index.ts';
import type { Agent, AgentEvent, SessionState, Turn } from '../protocol/index.ts';
import { createGatherer } from './gather.ts';
import { toHistory } from './history.ts';
import { LostError } from './hold.ts';
import type { Hold } from './hold.ts';
import { runAgent } from './run-agent.ts';
import { joinSignals } from './join-signals.ts';
import { createSpeech } from './speech.ts';
import { tell } from './tell.ts';
import type { OnError } from './tell.ts';
import { toEnd } from './to-end.ts';
import { toInput } from './turn-input.ts';
import { watchLimits } from './turn-limits.ts';
import type { TurnLimits } from './turn-limits.ts';
import { loadMemory } from './turn-memory.ts';
import { watchCancel } from './watch-cancel.ts';

export interface TurnOptions {
  /** How long text deltas are gathered into one append, in milliseconds. @default 25 */
  readonly gatherMs?: number;
  /** How much one turn may take. */
  readonly limits?: TurnLimits;
  /** How long a stopped agent may take to come to its end, in milliseconds. @default 5_000 */
  readonly cancelMs?: number;
  /** How long an approval may go unanswered, in milliseconds. @default 86_400_000 */
  readonly approvalMs?: number;
  /** @default console.error */
  readonly onError?: OnError;
}

export interface Running extends TurnOptions {
  readonly store: Pick<Store, 'log' | 'snapshots'>;
  readonly agent: Agent;
  readonly session: string;
  readonly hold: Hold;
  readonly leave: AbortSignal;
}

/** Runs one attempt of a turn that stands open in the head, from its agent's first event to its one `message_end`. */
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
    gatherMs = 25,
    cancelMs = 5_000,
    approvalMs = 86_400_000,
  } = options;
  const { turn, message, attempt, resumes } = open;
  const history = toHistory(state, turn);
  const memory = await hold.insist(() =>
    loadMemory({ snapshots: store.snapshots, session, turn, attempt, history }),
  );
  const cancel = watchCancel(store.log, session, turn, head.version);
  const limits = watchLimits(options.limits ?? {});
  const broken = new AbortController();
  const { signal, detach } = joinSignals([cancel.signal, limits.signal, hold.lost, leave, broken.signal]);

  const speech = createSpeech(turn, attempt);
  const gatherer = createGatherer({ append: hold.append, gatherMs });
  const say = (event: AgentEvent): Promise<void> => {
    limits.see(event);
    // After a stop only facts are kept: which tool was called and what it did, what was used.
    if (!signal.aborted || isFact(event)) gatherer.add(speech.say(event));
    // A tool must not run before its call stands in the log: else the next owner would not know of it, and call it again.
    return isCall(event) ? gatherer.flush() : gatherer.room();
  };

  let failure: unknown;
  try {
    const asked: Turn = {
      turn,
      attempt,
      input: toInput(state, message, resumes),
      signal,
      history: () => history,
      save: memory.save,
      ...(memory.snapshot !== undefined && { snapshot: memory.snapshot }),
    };
    const { metadata } = state;
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
  }
  // Left to the next owner: the turn stays open in the head, and is due.
  if (hold.lost.aborted) throw new LostError();
  if (leave.aborted && !cancel.signal.aborted) return;

  const end = toEnd(failure, limits.signal, cancel.signal.aborted, speech.approvals.length > 0);
  if (end.isToTell) tell(options.onError, failure, { session, turn });
  gatherer.add(speech.close(end.tools));
  await gatherer.flush();
  if (end.outcome === 'waiting') await hold.insist(memory.keep);
  // A cache: the answer does not fail for it.
  if (end.outcome === 'completed')
    await memory.keep().catch((error: unknown) => tell(options.onError, error, { session, turn }));
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
  await memory.settle().catch((error: unknown) => tell(options.onError, error, { session, turn }));
}

function isCall(event: AgentEvent): boolean {
  return typeof event !== 'string' && event.type === 'tool_use';
}

function isFact(event: AgentEvent): boolean {
  return (
    isCall(event) || (typeof event !== 'string' && (event.type === 'tool_result' || event.type === 'usage'))
  );
}
