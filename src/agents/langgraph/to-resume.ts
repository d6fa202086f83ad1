import { AgentError } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { AgentEvent, ApprovalAnswer } from '../../protocol/index.ts';
import { createFailure, fieldsOf, isApproved, longestName, reasonOf, textOf } from '../kit/index.ts';
import type { OpenCall } from './create-graph-calls.ts';
import { byPath } from './speaker-path.ts';
import type { AskedInterrupt, ReviewedAction, WaitingRun } from './graph-snapshot.ts';

/** How a run goes on with the answers to its approvals. */
export interface ResumedRun {
  /** The fields of the graph's `Command`. */
  readonly command: object;
  /** Tells the calls that go on again, as they go on, and the results of those that were rejected here. */
  readonly events: readonly AgentEvent[];
  /** The calls that go on. */
  readonly calls: readonly OpenCall[];
}

/** A decision in the form of `humanInTheLoopMiddleware`. */
type Decision =
  | { readonly type: 'approve' }
  | { readonly type: 'edit'; readonly editedAction: { readonly name: string; readonly args: unknown } }
  | { readonly type: 'reject'; readonly message?: string };

/** An approval with its answer. */
interface Answered extends AskedInterrupt {
  readonly given: unknown;
  readonly decision?: Decision;
}

/**
 * Returns how a run goes on. Throws an AgentError: `approval_lost` if an answer is missing,
 * `approval_unsupported` if the graph cannot do what the answers say.
 */
export function toResumedRun({ asked, calls }: WaitingRun, answers: readonly ApprovalAnswer[]): ResumedRun {
  const answered = asked.map((each): Answered => {
    const answer = answers.find(({ approval }) => approval === each.approval);
    if (answer === undefined) throw createFailure('approval_lost');
    const given = answer.decision ?? null;
    return { ...each, given, ...(each.action && { decision: toDecision(each.action, given) }) };
  });
  const groups = Map.groupBy(answered, ({ interrupt }) => interrupt);
  const rejected = [...groups.values()].flatMap((group) => findRejected(group, calls));
  const resume = [...groups].map(([id, group]) => [id, toAnswer(group, rejected)]);
  const edited = calls.map((call) => withEdit(call, answered));
  return {
    command: {
      resume: Object.fromEntries(resume),
      ...(rejected.length > 0 && { update: { messages: rejected.map(({ message }) => message) } }),
    },
    calls: edited.filter(({ call }) => !rejected.some((each) => each.call === call)),
    events: [
      ...edited.map(
        ({ call, tool, input, path }) =>
          ({ type: 'tool_use', call, tool: tool.slice(0, longestName), input, ...byPath(path) }) as const,
      ),
      ...rejected.map(
        ({ call, message }) =>
          ({ type: 'tool_result', call, output: message.content, status: 'error' }) as const,
      ),
    ],
  };
}

/** `true` approves, the middleware's own form is taken as it is, and everything else rejects. */
function toDecision(action: ReviewedAction, given: unknown): Decision {
  const { type, message } = fieldsOf(given);
  if (isApproved(given) || type === 'approve') return { type: 'approve' };
  const edit = type === 'edit' ? toEdit(action, fieldsOf(given)['editedAction']) : undefined;
  if (edit !== undefined) return edit;
  const reason = reasonOf(given) ?? textOf(message);
  return { type: 'reject', ...(reason !== '' && { message: reason }) };
}

/** Returns undefined if nothing is edited, or if the input is none. */
function toEdit({ name, args }: ReviewedAction, edited: unknown): Decision | undefined {
  const { name: otherName, args: others } = fieldsOf(edited);
  const isEdit = others === undefined ? textOf(otherName) !== '' : isRecord(others) && !Array.isArray(others);
  return isEdit
    ? { type: 'edit', editedAction: { name: textOf(otherName) || name, args: others ?? args } }
    : undefined;
}

/** A call that is rejected here, and the message that tells the model. */
interface RejectedCall {
  readonly approval: string;
  readonly call: string;
  readonly message: {
    readonly role: 'tool';
    readonly content: string;
    readonly tool_call_id: string;
    readonly name: string;
    readonly status: 'error';
  };
}

/**
 * Returns the calls of a request that are rejected beside others that go on. The middleware would drop those
 * others: none would run, and the model would not learn of them. So it is told that all go on, and the
 * rejected calls get their results beforehand, so that they do not run. A graph inside another one cannot be
 * given results.
 */
function findRejected(group: readonly Answered[], calls: readonly OpenCall[]): readonly RejectedCall[] {
  const rejected = group.filter(({ decision }) => decision?.type === 'reject');
  const path = pathOf(group[0], calls);
  const others = calls.filter(
    (call) => pathOf(call, calls) === path && !rejected.some((each) => each.call === call.call),
  );
  if (rejected.length === 0 || (rejected.length === group.length && others.length === 0)) return [];
  return rejected.map(({ approval, call: name, action, decision }) => {
    const call = calls.find((each) => each.call === name);
    const isPossible = action?.isInner === false && goOn(action) !== undefined;
    if (call === undefined || call.id === '' || !isPossible)
      throw new AgentError(
        'approval_unsupported',
        'This agent cannot take a rejection beside calls that go on. Please approve all of them, or reject all.',
      );
    const message = decision?.type === 'reject' ? decision.message : undefined;
    return {
      approval,
      call: call.call,
      message: {
        role: 'tool',
        content: message ?? 'The user rejected this call. It was not run.',
        tool_call_id: call.id,
        name: call.tool,
        status: 'error',
      },
    };
  });
}

function pathOf(named: { readonly call?: string } | undefined, calls: readonly OpenCall[]): string {
  return JSON.stringify(calls.find(({ call }) => call === named?.call)?.path ?? []);
}

/** Returns the decision with which an action goes on unchanged; undefined if the middleware accepts none. */
function goOn({ name, args, allowed }: ReviewedAction): Decision | undefined {
  if (allowed.includes('approve')) return { type: 'approve' };
  return allowed.includes('edit') ? { type: 'edit', editedAction: { name, args } } : undefined;
}

function toAnswer(group: readonly Answered[], rejected: readonly RejectedCall[]): unknown {
  const [first] = group;
  if (first?.action === undefined) return first?.given;
  return {
    decisions: group.map(({ approval, action, decision }) => {
      if (action && rejected.some((each) => each.approval === approval)) return goOn(action);
      if (decision && !accepts(action, decision.type)) throw createUnaccepted();
      return decision;
    }),
  };
}

/** A request that names no decisions is not one of the middleware's own. It may accept any. */
function accepts(action: ReviewedAction | undefined, type: Decision['type']): boolean {
  return action === undefined || action.allowed.length === 0 || action.allowed.includes(type);
}

function createUnaccepted(): AgentError {
  return new AgentError(
    'approval_unsupported',
    'This agent does not accept such a decision about this call.',
  );
}

/** A call that a person edited goes on with the tool and input that they gave. */
function withEdit(call: OpenCall, answered: readonly Answered[]): OpenCall {
  const decision = answered.find((each) => each.call === call.call)?.decision;
  if (decision?.type !== 'edit') return call;
  return { ...call, tool: decision.editedAction.name, input: decision.editedAction.args };
}
