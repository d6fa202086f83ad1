import type { AgentMessage, ApprovalPart, PartState, SessionState, ToolPart } from '../../protocol/index.ts';
import type { AgUiMessage, ToolMessage } from './ag-ui-message.ts';
import { toInputParts } from './input-parts.ts';
import { toInterrupt } from './interrupt.ts';
import type { Interrupt } from './interrupt.ts';
import { toCallId, toPartId, toResultId, toSubagentId } from './names.ts';
import { toToolContent } from './tool-content.ts';

/** A conversation in AG-UI's words: the messages that a client has when it has read all runs. */
export interface AgUiHistory {
  readonly rows: readonly HistoryRow[];
  /** The approvals that the conversation waits for. */
  readonly interrupts: readonly Interrupt[];
}

/** A message, and the results of the tool call that it shows. */
export interface HistoryRow {
  /** Absent for a message of a user. */
  readonly turn?: string;
  readonly message: AgUiMessage;
  readonly results: readonly ToolMessage[];
  /** The last approval of the tool call. */
  readonly approval?: ApprovalPart;
}

interface CallRow extends HistoryRow {
  readonly results: ToolMessage[];
  approval?: ApprovalPart;
  readonly part: ToolPart;
}

export interface AgUiHistoryOptions {
  /** Whether the client knows inner agents. */
  readonly hasSubagents: boolean;
  /** Returns whether a message of the agent is left out, because a stream shows it. */
  isShown?(message: AgentMessage): boolean;
}

/**
 * Turns the state of a session into the messages of AG-UI, in the order and under the names that the streams
 * give them.
 */
export function toAgUiHistory(state: SessionState, options: AgUiHistoryOptions): AgUiHistory {
  const { hasSubagents, isShown = () => false } = options;
  const rows: HistoryRow[] = [];
  /** The calls of each exchange that wait for an approval, by the name of the exchange's message. */
  const exchanges = new Map<string, Map<string, CallRow>>();
  const interrupts: Interrupt[] = [];

  const show = (message: AgentMessage): void => {
    const waiting = exchanges.get(message.message) ?? new Map<string, CallRow>();
    exchanges.set(message.message, waiting);
    const asked = message.parts.filter((part) => part.type === 'approval');
    const isAsked = (call: string): boolean => asked.some((part) => part.call === call);
    for (const part of message.parts) {
      const by = toAttribution(message.turn, part, hasSubagents);
      switch (part.type) {
        case 'text':
          rows.push(
            toRow(message, {
              id: toPartId(message.turn, part.part),
              role: 'assistant',
              content: part.text,
              ...by,
            }),
          );
          break;
        case 'reasoning':
          rows.push(
            toRow(message, {
              id: toPartId(message.turn, part.part),
              role: 'reasoning',
              content: part.text,
              ...by,
            }),
          );
          break;
        case 'tool': {
          const row = waiting.get(part.call) ?? toCallRow(message.turn, part, by);
          if (!waiting.has(part.call)) rows.push(row);
          waiting.set(part.call, row);
          if (part.status === 'cancelled' && isAsked(part.call)) break;
          if (part.status === 'ok' || part.status === 'error' || part.status === 'cancelled')
            row.results.push(toResult(row, part.output, part.status, by));
          waiting.delete(part.call);
          break;
        }
        case 'approval': {
          const row = part.call === undefined ? undefined : waiting.get(part.call);
          if (row !== undefined) row.approval = part;
          if (!state.approvals.some((each) => each.approval === part.approval)) break;
          const call = row && { id: row.message.id, tool: row.part.tool, input: row.part.input };
          interrupts.push(toInterrupt(part.approval, part.reason, call));
          break;
        }
        case 'custom':
      }
    }
    // A conversation goes on from approvals only if all of them are answered.
    const isGivenUp = asked.some(({ status }) => status === 'expired' || status === 'cancelled');
    if (message.outcome === undefined || (message.outcome === 'waiting' && !isGivenUp)) return;
    for (const row of waiting.values()) row.results.push(toResult(row, null, 'cancelled', {}));
    waiting.clear();
  };

  for (const message of state.messages) {
    if (message.role === 'agent') {
      if (!isShown(message)) show(message);
    } else if (message.status !== 'withdrawn') {
      const { ref, message: name, content } = message;
      rows.push({ message: { id: ref ?? name, role: 'user', content: toInputParts(content) }, results: [] });
    }
  }
  return { rows, interrupts };
}

/** Returns the messages of a conversation, each result after its call. */
export function toAgUiMessages({ rows }: AgUiHistory): readonly AgUiMessage[] {
  return rows.flatMap(({ message, results }) => [message, ...results]);
}

type Attribution = { readonly subagentRunId?: string };

function toAttribution(turn: string, { agent }: PartState, hasSubagents: boolean): Attribution {
  if (!hasSubagents || agent === undefined || agent.length === 0) return {};
  return { subagentRunId: toSubagentId(turn, agent) };
}

function toRow({ turn }: AgentMessage, message: AgUiMessage): HistoryRow {
  return { turn, message, results: [] };
}

function toCallRow(turn: string, part: ToolPart, by: Attribution): CallRow {
  const id = toCallId(turn, part.call);
  const input =
    part.inputText === '' && part.input !== undefined ? JSON.stringify(part.input) : part.inputText;
  const call = { id, type: 'function', function: { name: part.tool, arguments: input } } as const;
  return { turn, message: { id, role: 'assistant', toolCalls: [call], ...by }, results: [], part };
}

function toResult(
  { message: { id } }: HistoryRow,
  output: unknown,
  status: 'ok' | 'error' | 'cancelled',
  by: Attribution,
): ToolMessage {
  return { id: toResultId(id), role: 'tool', toolCallId: id, content: toToolContent(output, status), ...by };
}
