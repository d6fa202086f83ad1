import { toValueText } from '../value-text.ts';
import { isRecord } from '../../protocol/internal.ts';
import type { AskedApproval } from './answer.ts';

/** The longest text of an input that a form shows, in characters. */
const maxShown = 1000;

const requestedSchema = {
  type: 'object',
  properties: {
    approve: { type: 'boolean', title: 'Approve', description: 'Whether the agent may go on with this.' },
    reason: { type: 'string', title: 'Reason', description: 'What the agent is told with a no.' },
  },
  required: ['approve'],
} as const;

/** A request to the user of a client, as the parameters of `elicitation/create`. */
export interface McpElicitation extends Readonly<Record<string, unknown>> {
  readonly message: string;
  readonly requestedSchema: typeof requestedSchema;
}

/** Returns the form that asks a user about an approval. */
export function toMcpElicitation(asked: AskedApproval): McpElicitation {
  return { message: toApprovalQuestion(asked), requestedSchema };
}

/** Returns what an approval is about, in words. */
export function toApprovalQuestion({ tool, input, reason }: AskedApproval): string {
  const told = isRecord(reason) ? (reason['message'] ?? reason) : reason;
  const why = told === undefined || told === null ? '' : toShown(told);
  if (tool === undefined) return why === '' ? 'The agent asks for approval.' : why;
  const call = `The agent wants to call ${tool} with ${toShown(input ?? {})}.`;
  return why === '' ? call : `${call} ${why}`;
}

function toShown(value: unknown): string {
  const text = toValueText(value);
  return text.length <= maxShown ? text : `${text.slice(0, maxShown).toWellFormed()} …`;
}

/**
 * Returns the decision of a user's answer to a form; undefined if it is none. A form that is declined or
 * closed is a no.
 */
export function toFormDecision(result: unknown): unknown {
  if (!isRecord(result)) return undefined;
  const { action, content } = result;
  if (action === 'decline' || action === 'cancel') return false;
  const { approve, reason } = isRecord(content) ? content : {};
  if (action !== 'accept' || typeof approve !== 'boolean') return undefined;
  // Agents look for `true`, so a reason is kept for a no only.
  return approve || typeof reason !== 'string' || reason === '' ? approve : { approved: false, reason };
}
