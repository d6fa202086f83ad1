import type { AgentMessage, SentMessage } from '../../protocol/index.ts';
import type { Finding } from '../intent.ts';
import type { A2aMessage, A2aArtifact, A2aFacts, A2aTask, TaskNames, A2aTaskStatus } from './a2a-objects.ts';
import { endStates, isTerminalState } from './a2a-objects.ts';
import { toFailureMessage } from './failure-message.ts';
import { toQuestionMessage } from './question.ts';
import type { A2aQuestion } from './question.ts';
import { toTaskNames } from './task-name.ts';
import { toArtifactId } from './task-texts.ts';
import { toA2aUserMessage } from './user-message.ts';

/** The parts of a task that a client wants. */
export interface TaskView {
  /** The most messages of the history, the last ones. @default all */
  readonly historyLength?: number;
  /** Leaves out what the agent has said and done. */
  readonly isBare?: true;
}

/** A message of a user, and the turns that work on it, in their order. */
interface TaskTurns {
  readonly names: TaskNames;
  readonly sent: SentMessage;
  readonly turns: readonly AgentMessage[];
}

/**
 * Returns the task of a message, as it stands in a state; undefined if the message is not in force any more.
 */
export function toA2aTask(found: Finding, message: string, view?: TaskView): A2aTask | undefined {
  const messages = found.state.messages.filter((each) => each.message === message);
  return toA2aTasks({ ...found, state: { ...found.state, messages } }, view, isLastOf(found)).at(-1);
}

/**
 * Returns the tasks of a session in the order of the conversation. The time of a status is when the last turn
 * of the task began. For the last task of a session that is over, it is when the session was last active.
 */
export function toA2aTasks(
  found: Finding,
  view: TaskView = {},
  isLast: (message: string) => boolean = isLastOf(found),
): readonly A2aTask[] {
  const { session, thread } = found;
  const turns = new Map<string, AgentMessage[]>();
  const sent: SentMessage[] = [];
  for (const each of found.state.messages) {
    if (each.role === 'user') sent.push(each);
    else turns.set(each.message, [...(turns.get(each.message) ?? []), each]);
  }
  return sent.map((each) => {
    const { message } = each;
    const names = toTaskNames({ session, message, ...(thread !== undefined && { thread }) });
    const task = { names, sent: each, turns: turns.get(message) ?? [] };
    return build(task, view, isLast(message) ? found.activeAt : undefined);
  });
}

/** Returns whether a message is the one that the session was last active with. */
function isLastOf({ state: { messages } }: Finding): (message: string) => boolean {
  const last = messages.at(-1)?.message;
  return (message) => message === last;
}

function build(task: TaskTurns, view: TaskView, activeAt: number | undefined): A2aTask {
  const { names } = task;
  const status = toStatus(task);
  const history = takeLast(toHistory(task), view.historyLength);
  const artifacts = view.isBare ? [] : task.turns.flatMap(toArtifacts);
  const metadata = view.isBare ? undefined : toMetadata(task.turns);
  return {
    id: names.taskId,
    contextId: names.contextId,
    status: isTerminalState(status.state) ? { ...status, at: Math.max(status.at, activeAt ?? 0) } : status,
    ...(!view.isBare && { artifacts }),
    ...(history.length > 0 && { history }),
    ...(metadata && { metadata }),
  };
}

function takeLast<T>(items: readonly T[], count = items.length): readonly T[] {
  return count === 0 ? [] : items.slice(-count);
}

function toStatus({ names, sent, turns }: TaskTurns): A2aTaskStatus {
  const last = turns.at(-1);
  if (sent.status === 'withdrawn') return { state: 'CANCELED', at: sent.at };
  // A message of a past has no turn to wait for.
  if (last === undefined)
    return { state: sent.status === 'waiting' ? 'SUBMITTED' : 'COMPLETED', at: sent.at };
  const { outcome, turn, at, error } = last;
  if (outcome === undefined) return { state: 'WORKING', at };
  if (outcome === 'failed') return { state: 'FAILED', message: toFailureMessage(names, turn, error), at };
  if (outcome !== 'waiting') return { state: endStates[outcome], at };
  const approvals = last.parts.flatMap((part) => (part.type === 'approval' ? [part] : []));
  if (approvals.some(({ status }) => status === 'cancelled' || status === 'expired'))
    return { state: 'CANCELED', at };
  const open = toQuestions(turns, last, (part) => part.status === undefined);
  if (open.length === 0) return { state: 'WORKING', at };
  return { state: 'INPUT_REQUIRED', message: toQuestionMessage(names, turn, open), at };
}

type ApprovalPart = Extract<AgentMessage['parts'][number], { type: 'approval' }>;

function toQuestions(
  turns: readonly AgentMessage[],
  { parts }: AgentMessage,
  isAsked: (part: ApprovalPart) => boolean,
): readonly A2aQuestion[] {
  return parts.flatMap((part) => {
    if (part.type !== 'approval' || !isAsked(part)) return [];
    const { approval, reason, call: name } = part;
    const all = turns.flatMap((turn) => turn.parts);
    const call = all.findLast((each) => each.type === 'tool' && name !== undefined && each.call === name);
    const about = call?.type === 'tool' && { call: call.call, tool: call.tool, input: call.input };
    return { approval, reason, ...(about && { call: about }) };
  });
}

/**
 * Returns the messages of a task: the user's, and the questions that were answered, each with its answers.
 */
function toHistory({ names, sent, turns }: TaskTurns): readonly A2aMessage[] {
  const answered = turns.flatMap((turn): readonly A2aMessage[] => {
    const decisions = turn.parts.flatMap((part) =>
      part.type === 'approval' && part.status === 'answered'
        ? { data: { approval: part.approval, decision: part.decision ?? null } }
        : [],
    );
    if (decisions.length === 0) return [];
    const questions = toQuestions(turns, turn, ({ status }) => status === 'answered');
    const answer = { messageId: `${turn.turn}.answer`, ...names, role: 'USER', parts: decisions } as const;
    return [toQuestionMessage(names, turn.turn, questions), answer];
  });
  return [toA2aUserMessage(names, sent), ...answered];
}

/**
 * While a turn goes on, text that was taken back keeps its place: the same part may get text again, and a
 * client that streams has the artifact there.
 */
function toArtifacts({ turn, parts, outcome }: AgentMessage): readonly A2aArtifact[] {
  return parts.flatMap((part) => {
    if (part.type !== 'text' || (part.text === '' && outcome !== undefined)) return [];
    const { text, agent } = part;
    return { artifactId: toArtifactId(turn, part.part), text, ...(agent && { agent }) };
  });
}

/** Returns the tool calls of a task. A call that was asked about and made again counts once. */
function toMetadata(turns: readonly AgentMessage[]): A2aFacts | undefined {
  const tools: A2aFacts[] = [];
  /** The calls that were asked about, by their places among all calls. */
  const asked = new Map<string, number>();
  for (const { parts } of turns) {
    const open = parts.flatMap((part) => (part.type === 'approval' && part.call !== undefined ? [part] : []));
    for (const part of parts) {
      if (part.type !== 'tool' || part.input === undefined) continue;
      const { call, tool, input, output } = part;
      const question = open.find((each) => each.call === call);
      const isWaiting = question !== undefined && question.status === undefined;
      const status = isWaiting ? 'waiting' : part.status;
      const at = asked.get(call) ?? tools.length;
      tools[at] = { call, tool, input, status, ...(!isWaiting && output !== undefined && { output }) };
      asked.delete(call);
      if (question !== undefined) asked.set(call, at);
    }
  }
  return tools.length === 0 ? undefined : { tools };
}
