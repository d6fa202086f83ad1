import { createGate, fieldsOf, textOf } from '../kit/index.ts';
import { parseToolInput } from './read-message.ts';

/** A tool that the graph is about to run. */
export interface ToolStart {
  /** The id of the call; empty if a node runs the tool by itself and gives none. */
  readonly id: string;
  readonly tool: string;
  /** The task that runs it: its namespace in the checkpoints, such as `tools:<task>`. */
  readonly task: string;
}

/**
 * Holds the tools of a graph back until their calls stand in the log, and knows which task runs what. A graph
 * runs tools ahead of its reader.
 */
export interface ToolWatch {
  /** The handler for the graph's `callbacks`. Graphs and tools inside the graph inherit it. */
  readonly handler: object;
  /** Takes the oldest start with these names that was not taken; undefined if there is none. */
  take(id: string, tool: string): ToolStart | undefined;
  /** Lets the tool of a start run. The adapter calls it when the call stands in the log. */
  pass(id: string): void;
  /** Ends the watch. A tool that still waits never runs. */
  end(): void;
  /** Returns the path of the inner agent that speaks in a namespace: the tools and nodes that it is in. */
  pathOf(namespace: readonly string[]): readonly string[];
  /** Returns the run of the model that a chunk of a message comes from. */
  runOf(chunk: unknown): string | undefined;
  /** Whether the run of a model failed. */
  hasFailed(run: string): boolean;
}

/** The tag with which LangChain hides a run from all streams. */
const hidden = 'langsmith:hidden';

/** Starts a watch. `tell` is given what the graph's stream leaves out: the start of a hidden tool. */
export function createToolWatch(tell: (chunk: unknown) => void): ToolWatch {
  const gate = createGate();
  const starts: ToolStart[] = [];
  /** The names of inner agents, by the task that runs them. */
  const names = new Map<string, string>();
  const runs = new WeakMap<object, string>();
  const failed = new Set<string>();
  return {
    handler: {
      name: 'heddle',
      // Without it the library would run the tool beside the handler.
      awaitHandlers: true,
      async handleToolStart(...[, input, , , tags, metadata, name, toolCallId]: readonly unknown[]) {
        const { langgraph_checkpoint_ns: namespace } = fieldsOf(metadata);
        const start = { id: textOf(toolCallId), tool: textOf(name) || 'unknown', task: textOf(namespace) };
        starts.push(start);
        names.set(start.task, toSpeaker(start.tool, input));
        if (metadata === undefined || (Array.isArray(tags) && tags.includes(hidden)))
          tell(toChunk(start, input));
        // After the end of the turn nothing may run. The promise that stays open is the way to refuse quietly:
        // an error of a handler would be printed.
        if (!(await gate.passed(start.id))) await new Promise(() => {});
      },
      handleLLMNewToken(...[, , run, , , fields]: readonly unknown[]) {
        const { message } = fieldsOf(fieldsOf(fields)['chunk']);
        if (typeof message === 'object' && message !== null) runs.set(message, textOf(run));
      },
      handleLLMError(...[, run]: readonly unknown[]) {
        failed.add(textOf(run));
      },
    },
    take(id, tool) {
      const index = starts.findIndex((start) => start.id === id && start.tool === tool);
      return index === -1 ? undefined : starts.splice(index, 1)[0];
    },
    pass: (id) => gate.taken(id),
    end: () => gate.open(),
    pathOf: (namespace) =>
      namespace.flatMap((segment, index) =>
        // A task that calls several graphs gives them numbers.
        /^\d+$/.test(segment)
          ? []
          : [names.get(namespace.slice(0, index + 1).join('|')) ?? segment.replace(/:[^:]*$/, '')],
      ),
    runOf: (chunk) => (typeof chunk === 'object' && chunk !== null ? runs.get(chunk) : undefined),
    hasFailed: (run) => failed.has(run),
  };
}

function toChunk({ id, tool }: ToolStart, input: unknown): unknown {
  return [[], 'tools', { event: 'on_tool_start', toolCallId: id, name: tool, input }];
}

/** Tools that start one of several agents name it in their input, as that of `deepagents` does. */
function toSpeaker(tool: string, input: unknown): string {
  return textOf(fieldsOf(parseToolInput(input))['subagent_type']) || tool;
}
