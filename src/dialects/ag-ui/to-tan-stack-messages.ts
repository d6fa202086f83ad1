import type { ApprovalPart } from '../../protocol/index.ts';
import { isRecord, parseShallow } from '../../protocol/internal.ts';
import type { AgUiMessage, ToolMessage } from './ag-ui-message.ts';
import type { HistoryRow } from './to-ag-ui-history.ts';

/** A message of TanStack AI. */
export interface TanStackMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly parts: readonly TanStackPart[];
}

type TanStackPart = { readonly type: string } & Readonly<Record<string, unknown>>;

interface Draft {
  id: string;
  readonly role: 'assistant';
  readonly parts: TanStackPart[];
  /** The results of calls that waited for an approval. They came after all other parts. */
  readonly late: TanStackPart[];
  readonly turn: string | undefined;
  /** Whether the message still takes the id of the turn's next text. */
  isUnnamed: boolean;
}

/**
 * Turns a conversation into the messages of TanStack AI, as its client builds them from a stream: each text
 * begins a message, and reasoning and tool calls join the message before them. A turn that begins with them
 * gives them to its first text.
 */
export function toTanStackMessages(rows: readonly HistoryRow[]): readonly TanStackMessage[] {
  const messages: (TanStackMessage | Draft)[] = [];
  let current: Draft | undefined;
  const begin = (id: string, turn: string | undefined, isUnnamed: boolean): Draft => {
    current = { id, role: 'assistant', parts: [], late: [], turn, isUnnamed };
    messages.push(current);
    return current;
  };
  for (const row of rows) {
    const { turn, message } = row;
    if (message.role === 'user') {
      messages.push({ id: message.id, role: 'user', parts: toUserParts(message.content) });
      continue;
    }
    const open: Draft | undefined = current?.turn === turn ? current : undefined;
    if (message.role === 'assistant' && message.content !== undefined) {
      const draft = open?.isUnnamed ? open : begin(message.id, turn, false);
      draft.id = message.id;
      draft.isUnnamed = false;
      if (message.content !== '') draft.parts.push({ type: 'text', content: message.content });
    } else {
      const draft = open ?? begin(message.id, turn, true);
      draft.parts.push(...toSpokenParts(row));
      (row.approval === undefined ? draft.parts : draft.late).push(...toResultParts(row));
    }
  }
  return messages.map(({ id, role, parts, ...rest }) => ({
    id,
    role,
    parts: 'late' in rest ? [...parts, ...rest.late] : parts,
  }));
}

type UserContent = Extract<AgUiMessage, { role: 'user' }>['content'];

function toUserParts(content: UserContent): readonly TanStackPart[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  return content.map((part) => (part.type === 'text' ? { type: 'text', content: part.text } : part));
}

function toSpokenParts({ message, results, approval }: HistoryRow): readonly TanStackPart[] {
  if (message.role === 'reasoning') return [{ type: 'thinking', content: message.content }];
  const [call] = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  if (call === undefined) return [];
  const [result] = results;
  const asked = approval && {
    approval: {
      id: approval.approval,
      needsApproval: true,
      ...toApproved(approval),
    },
  };
  return [
    {
      type: 'tool-call',
      id: call.id,
      name: call.function.name,
      arguments: call.function.arguments,
      state: toCallState(result, approval),
      ...toInputField(call.function.arguments),
      ...asked,
      ...(result && { output: readOutput(result.content) }),
    },
  ];
}

function toResultParts({ results }: HistoryRow): readonly TanStackPart[] {
  return results.map(({ toolCallId, content }) => ({
    type: 'tool-result',
    toolCallId,
    content,
    state: 'complete',
  }));
}

function toApproved({ status, decision }: ApprovalPart): { readonly approved?: boolean } {
  if (status !== 'answered') return {};
  return { approved: decision === true || (isRecord(decision) && decision['approved'] === true) };
}

function toCallState(result: ToolMessage | undefined, approval: ApprovalPart | undefined): string {
  if (result !== undefined) return 'complete';
  if (approval === undefined) return 'input-complete';
  return approval.status === undefined ? 'approval-requested' : 'approval-responded';
}

/** The client reads the input of a call that was made from its arguments. */
function toInputField(text: string): { readonly input?: unknown } {
  const input = parseShallow(text);
  return input === undefined ? {} : { input };
}

/** The client reads a result as JSON, or else takes it as text. */
function readOutput(content: string): unknown {
  const output = parseShallow(content);
  return output === undefined ? content : output;
}
