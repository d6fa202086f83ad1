import type { AgentEvent, ToolStatus } from '../../protocol/index.ts';
import { fieldsOf, longestName, textOf } from '../kit/index.ts';
import type { Fields } from '../kit/index.ts';
import { outputOf } from './read-message.ts';
import type { ModelCall } from './read-message.ts';
import type { ToolStart } from './create-tool-watch.ts';
import { byPath } from './speaker-path.ts';
import type { SpeakerPath } from './speaker-path.ts';

/** A call that has no result yet. */
export interface OpenCall extends ModelCall {
  /** Heddle's name of it. */
  readonly call: string;
  /** The agent that made it. */
  readonly path: SpeakerPath;
  /** The task that runs it. */
  readonly task?: string;
}

/** The calls of a graph in one turn. */
export interface GraphCalls {
  /** A model writes a call: a chunk of a message. */
  write(path: SpeakerPath, message: string, chunk: Fields): readonly AgentEvent[];
  /** A finished message has a call. */
  use(path: SpeakerPath, message: string, call: ModelCall): readonly AgentEvent[];
  /** A tool is about to run. Tells its call if no message told it: a node may run a tool by itself. */
  start(path: SpeakerPath, start: ToolStart, input: unknown): readonly AgentEvent[];
  progress(id: string, tool: string, data: unknown): readonly AgentEvent[];
  /** A tool has ended. Its result is told when the graph makes a message of it, or when it makes none. */
  end(id: string, tool: string, output: unknown, status: ToolStatus): readonly AgentEvent[];
  /** The graph has the message of a tool's result. */
  result(path: SpeakerPath, message: unknown): readonly AgentEvent[];
  /** Tells the results of tools that have ended, of one task's node or of all. */
  flush(node?: string): readonly AgentEvent[];
  /** Ends the calls that a message, which was given up, had begun to write. */
  drop(message: string): readonly AgentEvent[];
  /** The calls that were made and have no result. */
  open(): readonly OpenCall[];
}

interface Call extends OpenCall {
  readonly message: string;
  readonly index?: unknown;
  input: unknown;
  isReady: boolean;
  task?: string;
  ended?: { readonly output: unknown; readonly status: ToolStatus };
}

/** Starts the calls of a turn. `earlier` are those that it goes on with. */
export function createGraphCalls(
  nameFor: (id: string) => string,
  earlier: readonly OpenCall[] = [],
): GraphCalls {
  let calls: Call[] = earlier.map((call) => ({ ...call, message: '', isReady: true }));

  const begin = (path: SpeakerPath, { id, tool }: ModelCall, rest: Pick<Call, 'message' | 'index'>): Call => {
    const call: Call = { ...rest, id, tool, path, call: nameFor(id), input: undefined, isReady: false };
    calls.push(call);
    return call;
  };

  const remove = (call: Call): void => {
    calls = calls.filter((each) => each !== call);
  };

  const tell = (call: Call, output: unknown, status: ToolStatus): readonly AgentEvent[] => {
    remove(call);
    return [{ type: 'tool_result', call: call.call, output: output ?? null, status, ...byPath(call.path) }];
  };

  const find = (id: string, tool: string, fits: (call: Call) => boolean): Call | undefined =>
    calls.find((call) => call.isReady && call.id === id && call.tool === tool && fits(call));

  const use = (call: Call, input: unknown): readonly AgentEvent[] => {
    call.isReady = true;
    call.input = input;
    return [{ type: 'tool_use', call: call.call, tool: toToolName(call.tool), input, ...byPath(call.path) }];
  };

  return {
    write(path, message, { index, id, name, args }) {
      const tool = textOf(name);
      const known = calls.findLast(
        (call) => !call.isReady && call.message === message && call.index === index,
      );
      const isNew = known === undefined || (textOf(id) !== '' && textOf(id) !== known.id);
      if (isNew && tool === '') return [];
      const call = isNew
        ? begin(path, { id: textOf(id), tool, input: undefined }, { message, index })
        : known;
      const data = textOf(args);
      return [
        ...(isNew
          ? [{ type: 'tool_use_start', call: call.call, tool: toToolName(tool), ...byPath(path) } as const]
          : []),
        ...(data === '' ? [] : [{ type: 'tool_use_input', call: call.call, data, ...byPath(path) } as const]),
      ];
    },
    use(path, message, call) {
      const written = calls.find(
        (each) => !each.isReady && each.message === message && each.id === call.id && each.tool === call.tool,
      );
      return use(written ?? begin(path, call, { message }), call.input);
    },
    start(path, { id, tool, task }, input) {
      const known =
        find(id, tool, (call) => call.task === undefined) ??
        // A middleware may run a call again.
        (id === '' ? undefined : find(id, tool, () => true));
      const call = known ?? begin(path, { id, tool, input }, { message: '' });
      call.task = task;
      delete call.ended;
      return known === undefined ? use(call, input) : [];
    },
    progress(id, tool, data) {
      const call = find(id, tool, (each) => each.task !== undefined && each.ended === undefined);
      return call ? [{ type: 'tool_progress', call: call.call, data, ...byPath(call.path) }] : [];
    },
    end(id, tool, output, status) {
      const call = find(id, tool, (each) => each.task !== undefined && each.ended === undefined);
      if (call === undefined) return [];
      // No message can name a call without an id.
      if (id === '') return tell(call, toOutput(output), status);
      call.ended = { output: toOutput(output), status };
      return [];
    },
    result(path, message) {
      const { tool_call_id, name, status } = fieldsOf(message);
      // A tool that hands over to another agent answers in the graph around its own.
      const known = calls.filter(
        (call) => call.isReady && call.id === tool_call_id && isWithin(call.path, path),
      );
      const near = known.filter((call) => call.path.length === path.length);
      const call = near.find((each) => each.ended !== undefined && each.tool === name) ?? near[0] ?? known[0];
      return call ? tell(call, outputOf(message), status === 'error' ? 'error' : 'ok') : [];
    },
    flush: (node) =>
      calls
        .filter(({ task }) => node === undefined || nodeOf(task) === node)
        .flatMap((call) => (call.ended ? tell(call, call.ended.output, call.ended.status) : [])),
    drop: (message) =>
      calls
        .filter((call) => !call.isReady && call.message === message)
        .flatMap((call) => tell(call, null, 'cancelled')),
    open: () => calls.filter(({ isReady, ended }) => isReady && ended === undefined),
  };
}

/** The model may have made the name up, at any length. */
function toToolName(tool: string): string {
  return tool.slice(0, longestName);
}

/** A tool may answer with a command for the graph, which is no output. */
function toOutput(output: unknown): unknown {
  return fieldsOf(output)['lg_name'] === 'Command' ? null : outputOf(output);
}

/** Returns the node of a task's namespace: `a:1|b:2` → `b`. */
function nodeOf(task: string | undefined): string | undefined {
  return task?.replace(/^.*\|/, '').replace(/:[^:]*$/, '');
}

function isWithin(path: SpeakerPath, outer: SpeakerPath): boolean {
  return outer.every((name, index) => path[index] === name);
}
