import type { AgentEvent } from '../../protocol/index.ts';
import { createCallNames, createGate, longestName, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import type { WaitingCall } from './ai-sdk-memory.ts';

/** The tool calls of a turn, and the gate that holds their tools back. */
export interface PartCalls {
  /** Opens the calls that waited in the turn before, and returns their events. */
  resume(waiting: readonly WaitingCall[]): readonly AgentEvent[];
  start(id: string, tool: string): readonly AgentEvent[];
  input(id: string, data: string): readonly AgentEvent[];
  use(part: Fields): readonly AgentEvent[];
  progress(id: string, data: unknown): readonly AgentEvent[];
  /** Ends a call. Throws a TypeError if its tool ran before its call stood in the log. */
  result(id: string, output: unknown, status: 'ok' | 'error'): readonly AgentEvent[];
  /** Returns the name of the open call of that id. */
  nameOf(id: string): string | undefined;
  /** Lets the tool of a call run. It is called when the generator is resumed after the call's `tool_use`. */
  release(id: string): void;
  /** Waits until the tool of a call may run: for ever, if the turn ends before that. */
  held(id: string): Promise<void>;
  /** Ends the gate. */
  end(): void;
}

interface PartCall {
  readonly id: string;
  readonly call: string;
  readonly tool: string;
  isMade: boolean;
  /** Whether the SDK will run its tool here. */
  runsHere: boolean;
  isReleased: boolean;
  hasPassed: boolean;
}

/** Starts the calls of a turn. With `mayRunAhead`, a tool that did not wait at the gate is no mistake. */
export function createPartCalls(mayRunAhead: boolean): PartCalls {
  const gate = createGate();
  let nameFor = createCallNames();
  /** The calls that have no result, oldest first. Several may have one id. */
  const calls: PartCall[] = [];

  const find = (id: string, fits: (call: PartCall) => boolean = () => true): PartCall | undefined =>
    calls.find((call) => call.id === id && fits(call));
  const open = (id: string, tool: string): PartCall => {
    const call = {
      id,
      call: nameFor(id),
      tool: tool.slice(0, longestName) || 'tool',
      isMade: false,
      runsHere: false,
      isReleased: false,
      hasPassed: false,
    };
    calls.push(call);
    return call;
  };
  const make = (call: PartCall, input: unknown): AgentEvent => {
    call.isMade = true;
    return { type: 'tool_use', call: call.call, tool: call.tool, input: input ?? {} };
  };

  return {
    resume(waiting) {
      nameFor = createCallNames(waiting.map(({ id, call }) => [id, call]));
      return waiting.map(({ id, tool, input, providerExecuted }) => {
        const call = open(id, tool);
        call.runsHere = providerExecuted !== true;
        return make(call, input);
      });
    },
    start(id, tool) {
      const { call, tool: name } = open(id, tool);
      return [{ type: 'tool_use_start', call, tool: name }];
    },
    input(id, data) {
      const call = find(id, ({ isMade }) => !isMade);
      return call === undefined || data === '' ? [] : [{ type: 'tool_use_input', call: call.call, data }];
    },
    use({ toolCallId, toolName, input, invalid, providerExecuted }) {
      const id = textOf(toolCallId);
      // A provider tells its own call again when it goes on after an approval.
      if (providerExecuted === true && find(id, (call) => call.isMade && !call.runsHere)) return [];
      const call = find(id, ({ isMade }) => !isMade) ?? open(id, textOf(toolName));
      call.runsHere = invalid !== true && providerExecuted !== true;
      return [make(call, input)];
    },
    progress(id, data) {
      const call = find(id, ({ isMade }) => isMade);
      return call === undefined ? [] : [{ type: 'tool_progress', call: call.call, data }];
    },
    result(id, output, status) {
      const call = find(id, ({ isMade }) => isMade) ?? find(id);
      if (call === undefined) return [];
      calls.splice(calls.indexOf(call), 1);
      if (call.runsHere && !call.hasPassed) {
        if (status === 'ok' && !mayRunAhead)
          throw new TypeError(
            'aiSdkAgent(factory): a tool did not wait for the log. Pass all of call to streamText(), and keep what prepareCall() gets.',
          );
        // The next call of this id must not pass in its place.
        if (call.isReleased) void gate.passed(id);
      }
      return [{ type: 'tool_result', call: call.call, output: output ?? null, status }];
    },
    nameOf: (id) => find(id)?.call,
    release(id) {
      const call = find(id, ({ isMade, runsHere, isReleased }) => isMade && runsHere && !isReleased);
      if (call === undefined) return;
      call.isReleased = true;
      gate.taken(id);
    },
    async held(id) {
      const mayRun = await gate.passed(id);
      // The SDK gives no way to refuse a tool, so a call that is not in the log waits for ever.
      if (!mayRun) await new Promise<never>(() => {});
      const call = find(id, ({ isReleased, hasPassed }) => isReleased && !hasPassed);
      if (call !== undefined) call.hasPassed = true;
    },
    end: () => gate.open(),
  };
}
