import type { EventLog, Head, OpenTurn } from '../log/index.ts';
import { AgentError, isAgentError } from '../protocol/index.ts';
import type {
  Agent,
  AgentEvent,
  Outcome,
  SentMessage,
  SessionState,
  ToolStatus,
  TurnError,
} from '../protocol/index.ts';
import type { Command } from './command.ts';
import { createGatherer } from './gather.ts';
import { toHistory } from './history.ts';
import { LostError } from './hold.ts';
import type { Hold } from './hold.ts';
import { runAgent } from './run-agent.ts';
import { createSpeech } from './speech.ts';
import { watchCancel } from './watch-cancel.ts';

export interface TurnOptions {
  /** How long text deltas are gathered into one append, in milliseconds. @default 25 */
  readonly gatherMs?: number;
  /** How long a turn may take, in milliseconds; then it ends `failed` with code `timeout`. @default 900_000 */
  readonly turnMs?: number;
  /** How long a stopped agent may take to come to its end, in milliseconds. @default 5_000 */
  readonly cancelMs?: number;
  /** Told each error whose words are kept from the people who wait. @default console.error */
  readonly onError?: (error: unknown, where: { readonly session: string; readonly turn: string }) => void;
}

interface Running extends TurnOptions {
  readonly log: EventLog;
  readonly agent: Agent;
  readonly session: string;
  readonly hold: Hold;
  readonly leave: AbortSignal;
}

class TimeoutError extends AgentError {
  constructor() {
    super('timeout', 'The answer took too long and was stopped.');
  }
}

/** Runs one attempt of a turn that stands open in the head, from its agent's first event to its one `message_end`. */
export async function runTurn(
  options: Running,
  state: SessionState,
  head: Head,
  open: OpenTurn,
): Promise<void> {
  const { log, agent, session, hold, leave, gatherMs = 25, turnMs = 900_000, cancelMs = 5_000 } = options;
  const { turn, message, attempt } = open;
  const cancel = watchCancel(log, session, turn);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new TimeoutError()), turnMs);
  const signal = AbortSignal.any([cancel.signal, timeout.signal, hold.lost, leave]);

  const speech = createSpeech(turn, attempt);
  const gatherer = createGatherer({ append: hold.append, gatherMs });
  const say = (event: AgentEvent): Promise<void> => {
    // After a stop only facts are kept: what a tool did, what was used.
    if (!signal.aborted || isFact(event)) gatherer.add(speech.say(event));
    return gatherer.room();
  };

  let failure: unknown;
  try {
    await runAgent({
      agent,
      session: {
        session,
        owner: head.owner,
        ...(state.metadata !== undefined && { metadata: state.metadata }),
      },
      turn: { turn, attempt, input: inputOf(state, message), signal, history: () => toHistory(state, turn) },
      drainMs: cancelMs,
      say,
    });
  } catch (error) {
    failure = error;
  } finally {
    clearTimeout(timer);
    cancel.stop();
  }
  // Left to the next owner: the turn stays open in the head, and is due.
  if (hold.lost.aborted) throw new LostError();
  if (leave.aborted && !cancel.signal.aborted) return;

  const end = toEnd(failure, timeout.signal, cancel.signal, speech.approvals);
  if (end.unforeseen) report(options, failure, turn);
  gatherer.add(speech.close(end.outcome === 'cancelled' ? 'cancelled' : end.tools));
  await gatherer.flush();
  const { reason, usage } = speech;
  const command: Command = {
    type: 'end',
    turn,
    outcome: end.outcome,
    error: end.error,
    reason,
    usage,
    at: Date.now(),
  };
  await hold.command(command);
}

function inputOf(
  state: SessionState,
  message: string,
): { type: 'message'; content: SentMessage['content']; author?: string } {
  const sent = state.messages.find((other) => other.role === 'user' && other.message === message);
  if (sent?.role !== 'user') throw new Error(`The log holds no message ${message}.`);
  return {
    type: 'message',
    content: sent.content,
    ...(sent.author !== undefined && { author: sent.author }),
  };
}

function isFact(event: AgentEvent): boolean {
  return typeof event !== 'string' && (event.type === 'tool_result' || event.type === 'usage');
}

interface End {
  readonly outcome: Outcome;
  /** What became of tool calls that were still open. */
  readonly tools: ToolStatus;
  readonly error?: TurnError;
  readonly unforeseen?: true;
}

function toEnd(
  failure: unknown,
  timeout: AbortSignal,
  cancel: AbortSignal,
  approvals: readonly string[],
): End {
  if (cancel.aborted) return { outcome: 'cancelled', tools: 'cancelled' };
  const error = timeout.aborted ? timeout.reason : failure;
  if (isAgentError(error)) {
    return { outcome: 'failed', tools: 'error', error: { code: error.code, message: error.message } };
  }
  if (error !== undefined) {
    const told = { code: 'agent_failed', message: 'The agent failed while it made this answer.' };
    return { outcome: 'failed', tools: 'error', error: told, unforeseen: true };
  }
  if (approvals.length > 0) {
    const told = {
      code: 'approval_unsupported',
      message: 'The agent asks for an approval, which this version cannot take.',
    };
    return { outcome: 'failed', tools: 'cancelled', error: told };
  }
  return { outcome: 'completed', tools: 'error' };
}

function report({ onError, session }: Running, error: unknown, turn: string): void {
  if (onError) onError(error, { session, turn });
  else console.error(`heddle: turn ${turn} of session ${session} failed:`, error);
}
