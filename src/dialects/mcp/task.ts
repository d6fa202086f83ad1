import type { Finding } from '../intent.ts';
import type { McpAbilities } from './call.ts';
import { toMcpAnswer } from './answer.ts';
import { toApprovalQuestion } from './elicitation.ts';
import { toInputRequests, toAnswerName, toMcpToolResult } from './tool-result.ts';

/** The time between two requests for a task, in milliseconds. */
const pollIntervalMs = 1000;

const statuses = {
  working: 'working',
  waiting: 'input_required',
  done: 'completed',
  // A tool that failed has a result, which says so.
  failed: 'completed',
  cancelled: 'cancelled',
} as const;

/**
 * Returns an exchange as a task of MCP's Tasks extension. Returns undefined if the state has no such message
 * any more. The task changes when a turn begins; the log has no other times of its own.
 *
 * A client that cannot ask its user must not be asked to. To such a client the task works until a person has
 * answered elsewhere.
 */
export function toMcpTask(
  { session, exchange, state }: Finding,
  { elicits }: Pick<McpAbilities, 'elicits'>,
): Readonly<Record<string, unknown>> | undefined {
  if (exchange === undefined) return undefined;
  const { message } = exchange;
  const { status, sent, turns, approvals } = toMcpAnswer(state, message);
  if (sent === undefined) return undefined;
  const place = { session, message };
  const at = turns.at(-1)?.at ?? sent.at;
  const waits = status === 'waiting';
  const questions = approvals.map((asked) => toApprovalQuestion(asked));
  return {
    taskId: toAnswerName(place),
    status: waits && !elicits ? 'working' : statuses[status],
    ...(waits && { statusMessage: `A person must approve. ${questions.join(' ')}` }),
    createdAt: new Date(sent.at).toISOString(),
    lastUpdatedAt: new Date(Math.max(at, sent.at)).toISOString(),
    // A task lives as long as its conversation.
    ttlMs: null,
    pollIntervalMs,
    ...(waits && elicits && { inputRequests: toInputRequests(state, message) }),
    ...((status === 'done' || status === 'failed') && {
      result: { resultType: 'complete', ...toMcpToolResult(state, place) },
    }),
  };
}
