import type { SessionEvent, SpokenEvent, ToolPart } from '../../../protocol/index.ts';
import { toApprovalItemId } from './names.ts';
import type { ItemEvent, OfItem } from './response-event.ts';
import { toApprovalItem, toCallItem } from './to-item.ts';

/** Events about the tool calls of a turn, and about its approvals. */
type CallItemEvent = Extract<SpokenEvent, { readonly call: string } | { readonly type: 'approval_request' }>;

/** The items of a response that are tool calls, or ask for approvals. */
export interface CallItems {
  /**
   * Takes an event of an earlier turn of the exchange: the last one asked for what this turn goes on with.
   */
  know(event: SessionEvent): void;
  see(event: CallItemEvent): readonly ItemEvent[];
  /** Closes what is open. */
  close(): readonly ItemEvent[];
}

interface Call extends OfItem {
  readonly part: ToolPart;
  readonly isDone: boolean;
}

/** Creates the items of a turn. `takePlace` returns the next place in the output. */
export function createCallItems(session: string, turn: string, takePlace: () => number): CallItems {
  const calls = new Map<string, Call>();
  /** The items that asked for calls in the response before, by the names of the calls. */
  const approvals = new Map<string, string>();

  const toItem = ({ part }: Call): ReturnType<typeof toCallItem> =>
    toCallItem({ turn }, part, approvals.get(part.call));
  const change = (call: Call, more: Partial<ToolPart>): Call => {
    const changed = { ...call, part: { ...call.part, ...more } };
    calls.set(call.part.call, changed);
    return changed;
  };
  const start = (name: string, tool: string): readonly ItemEvent[] => {
    const part: ToolPart = { type: 'tool', call: name, tool, inputText: '', status: 'input' };
    const item = toCallItem({ turn }, part, approvals.get(name));
    const call: Call = { part, isDone: false, item_id: item.id, output_index: takePlace() };
    calls.set(name, call);
    return [
      { type: 'response.output_item.added', output_index: call.output_index, item },
      { ...ofCall(call), type: 'response.mcp_call.in_progress' },
    ];
  };
  const end = (call: Call, result: Pick<ToolPart, 'status' | 'output'>): readonly ItemEvent[] => {
    const ended = { ...change(call, result), isDone: true };
    calls.set(call.part.call, ended);
    const item = toItem(ended);
    const done: ItemEvent = { type: 'response.output_item.done', output_index: call.output_index, item };
    if (item.status === 'completed') return [{ ...ofCall(call), type: 'response.mcp_call.completed' }, done];
    if (item.status === 'failed') return [{ ...ofCall(call), type: 'response.mcp_call.failed' }, done];
    return [done];
  };

  return {
    know(event) {
      if (event.type === 'message_start') approvals.clear();
      if (event.type === 'approval_request' && event.call !== undefined)
        approvals.set(event.call, toApprovalItemId(session, event.approval));
    },
    see(event) {
      if (event.type === 'tool_use_start') return start(event.call, event.tool);
      const call = event.call === undefined ? undefined : calls.get(event.call);
      if (event.type === 'approval_request') {
        const item = toApprovalItem(session, event, call?.part);
        const output_index = takePlace();
        return [
          { type: 'response.output_item.added', output_index, item },
          { type: 'response.output_item.done', output_index, item },
        ];
      }
      if (call === undefined || call.isDone) return [];
      switch (event.type) {
        case 'tool_use_input': {
          const { data: delta } = event;
          change(call, { inputText: call.part.inputText + delta });
          return delta === '' ? [] : [{ ...ofCall(call), type: 'response.mcp_call_arguments.delta', delta }];
        }
        case 'tool_use': {
          const item = toItem(change(call, { input: event.input, status: 'running' }));
          return [{ ...ofCall(call), type: 'response.mcp_call_arguments.done', arguments: item.arguments }];
        }
        case 'tool_progress':
          return [];
        case 'tool_result':
          return end(call, event);
      }
    },
    close: () =>
      [...calls.values()]
        .filter(({ isDone }) => !isDone)
        .flatMap((call) => end(call, { status: 'cancelled', output: null })),
  };
}

function ofCall({ item_id, output_index }: OfItem): OfItem {
  return { item_id, output_index };
}
