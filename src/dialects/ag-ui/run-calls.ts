import type { SpokenEvent, ToolStatus } from '../../protocol/index.ts';
import type { SpokenAgUiEvent } from './ag-ui-event.ts';
import { toInterrupt } from './interrupt.ts';
import type { AskedCall, Interrupt } from './interrupt.ts';
import { toCallId, toResultId } from './names.ts';
import { toToolContent } from './tool-content.ts';

type Of<Type extends SpokenEvent['type']> = Extract<SpokenEvent, { type: Type }>;
type CallEvent = Of<
  'tool_use_start' | 'tool_use_input' | 'tool_use' | 'tool_progress' | 'tool_result' | 'approval_request'
>;

/**
 * The tool calls of an exchange, and the approvals that are asked for. A call that waits for an approval has
 * no result yet. If the turn that goes on makes the same call, only its result is sent: the message of the
 * call stands already.
 */
export interface RunCalls {
  see(event: CallEvent): readonly SpokenAgUiEvent[];
  /** Begins another attempt. The approvals of the one before are not asked for any more. */
  restart(): readonly SpokenAgUiEvent[];
  /** Ends a turn. Unless it `waits`, the calls that wait for an approval get the result `cancelled`. */
  end(waits: boolean): readonly SpokenAgUiEvent[];
  /** The approvals that the turn has asked for, each with the path of the inner agent that asked. */
  readonly asked: readonly { readonly interrupt: Interrupt; readonly agent: readonly string[] }[];
}

interface Call extends AskedCall {
  input?: unknown;
  /** Whether the call is one of an earlier turn, whose input is not sent again. */
  readonly isAgain: boolean;
  isOpen: boolean;
}

export function createRunCalls(): RunCalls {
  /** The calls of the current turn by their names. */
  let calls = new Map<string, Call>();
  /** The calls of the exchange that wait for an approval, by their names. */
  const waiting = new Map<string, Call>();
  let asked: { interrupt: Interrupt; agent: readonly string[] }[] = [];

  const close = (call: Call): readonly SpokenAgUiEvent[] => {
    if (!call.isOpen) return [];
    call.isOpen = false;
    return [{ type: 'TOOL_CALL_END', toolCallId: call.id }];
  };
  const toResult = ({ id }: Call, output: unknown, status: ToolStatus): SpokenAgUiEvent => ({
    type: 'TOOL_CALL_RESULT',
    messageId: toResultId(id),
    toolCallId: id,
    role: 'tool',
    content: toToolContent(output, status),
  });
  const settle = (): readonly SpokenAgUiEvent[] => {
    const left = [...waiting.values()];
    waiting.clear();
    return left.map((call) => toResult(call, null, 'cancelled'));
  };
  const start = ({ turn, call, tool }: Of<'tool_use_start'>): readonly SpokenAgUiEvent[] => {
    const earlier = waiting.get(call);
    const id = earlier?.id ?? toCallId(turn, call);
    calls.set(call, { id, tool, isAgain: earlier !== undefined, isOpen: earlier === undefined });
    if (earlier !== undefined) return [];
    return [{ type: 'TOOL_CALL_START', toolCallId: id, toolCallName: tool, parentMessageId: id }];
  };
  const end = ({ call: name, output, status }: Of<'tool_result'>, call: Call): readonly SpokenAgUiEvent[] => {
    const closed = close(call);
    if (status === 'cancelled' && asked.some(({ interrupt }) => interrupt.toolCallId === call.id))
      return closed;
    waiting.delete(name);
    return [...closed, toResult(call, output, status)];
  };
  const ask = (event: Of<'approval_request'>): readonly SpokenAgUiEvent[] => {
    const { approval, reason, call: name, agent = [] } = event;
    const call = name === undefined ? undefined : (calls.get(name) ?? waiting.get(name));
    if (name !== undefined && call !== undefined) waiting.set(name, call);
    asked.push({ interrupt: toInterrupt(approval, reason, call), agent });
    return [];
  };

  return {
    see(event) {
      if (event.type === 'tool_use_start') return start(event);
      if (event.type === 'approval_request') return ask(event);
      const call = calls.get(event.call);
      if (call === undefined) return [];
      switch (event.type) {
        case 'tool_use_input':
          if (call.isAgain || event.data === '') return [];
          return [{ type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta: event.data }];
        case 'tool_use':
          call.input = event.input;
          return close(call);
        case 'tool_progress':
          return [
            {
              type: 'CUSTOM',
              name: 'tool_progress',
              value: { toolCallId: call.id, data: event.data ?? null },
            },
          ];
        case 'tool_result':
          return end(event, call);
      }
    },
    restart() {
      asked = [];
      calls = new Map();
      return settle();
    },
    end(waits) {
      const closed = [...calls.values()].flatMap(close);
      calls = new Map();
      asked = [];
      return waits ? closed : [...closed, ...settle()];
    },
    get asked() {
      return asked;
    },
  };
}
