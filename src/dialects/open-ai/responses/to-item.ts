import type { AgentMessage, ApprovalPart, TextPart, ToolPart } from '../../../protocol/index.ts';
import { toValueText } from '../../value-text.ts';
import { toArguments } from '../call-arguments.ts';
import { toApprovalItemId } from './names.ts';
import type {
  ApprovalItem,
  CallItem,
  MessageItem,
  OutputText,
  ReasoningItem,
  SummaryText,
} from './response.ts';

/** The turn that made an item. Names of parts and calls are unique in a turn only. */
type Place = Pick<AgentMessage, 'turn'>;

/** Returns the item of a text. */
export function toMessageItem({ turn }: Place, { part, text, open }: Omit<TextPart, 'type'>): MessageItem {
  return {
    id: `msg_${turn}.${part}`,
    type: 'message',
    role: 'assistant',
    status: open ? 'in_progress' : 'completed',
    content: [toTextContent(text)],
  };
}

/** Returns the content of a text's item. */
export function toTextContent(text: string): OutputText {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** Returns the item of a reasoning. */
export function toReasoningItem(
  { turn }: Place,
  { part, text, open }: Omit<TextPart, 'type'>,
): ReasoningItem {
  return {
    id: `rs_${turn}.${part}`,
    type: 'reasoning',
    status: open ? 'in_progress' : 'completed',
    summary: [toSummaryText(text)],
  };
}

/** Returns the content of a reasoning's item. */
export function toSummaryText(text: string): SummaryText {
  return { type: 'summary_text', text };
}

/** Returns the item of a tool call. `approvalItem` is the item that asked for it in the response before. */
export function toCallItem({ turn }: Place, part: Omit<ToolPart, 'type'>, approvalItem?: string): CallItem {
  const { call, tool, inputText, input, status, output } = part;
  return {
    id: `mcp_${turn}.${call}`,
    type: 'mcp_call',
    server_label: 'heddle',
    name: tool,
    arguments: toArguments(inputText, input),
    status: statuses[status],
    output: status === 'ok' ? toValueText(output) : null,
    error: status === 'error' ? { type: 'mcp_tool_execution_error', content: output ?? null } : null,
    approval_request_id: approvalItem ?? null,
  };
}

const statuses: Readonly<Record<ToolPart['status'], CallItem['status']>> = {
  input: 'in_progress',
  running: 'in_progress',
  waiting: 'incomplete',
  ok: 'completed',
  error: 'failed',
  cancelled: 'incomplete',
};

/**
 * Returns the item that asks for an approval: of a call, or of what the reason says. The item has no place
 * for the reason of a call.
 */
export function toApprovalItem(
  session: string,
  { approval, reason }: Pick<ApprovalPart, 'approval' | 'reason'>,
  asked: Pick<ToolPart, 'tool' | 'inputText' | 'input'> | undefined,
): ApprovalItem {
  return {
    id: toApprovalItemId(session, approval),
    type: 'mcp_approval_request',
    server_label: 'heddle',
    name: asked?.tool ?? 'approval',
    arguments: asked ? toArguments(asked.inputText, asked.input) : JSON.stringify({ reason: reason ?? null }),
  };
}
