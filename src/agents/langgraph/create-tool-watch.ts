import { createGate, fieldsOf, listOf, longestName, textOf, toCallInput } from '../kit/index.ts';

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
  /** Takes so many failures of models in a task, if it had as many. Returns whether it had. */
  takeFailures(task: string, count: number): boolean;
  /** Whether a model ended the message of that id well. */
  hasEnded(message: string): boolean;
}

/** The tag with which LangChain hides a run from all streams. */
const hidden = 'langsmith:hidden';

/** Starts a watch. `tell` is given what the graph's stream leaves out: the start of a hidden tool. */
export function createToolWatch(tell: (chunk: unknown) => void): ToolWatch {
  const gate = createGate();
  const starts: ToolStart[] = [];
  /** The names of inner agents, by the task that runs them. */
  const names = new Map<string, string>();
  /** The tasks that called a model, by the run of the call. */
  const tasks = new Map<string, string>();
  const failures = new Map<string, number>();
  const ended = new Set<string>();
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
        // After the end of the turn nothing may run. The promise that stays open is the way to refuse
        // quietly: an error of a handler would be printed.
        if (!(await gate.passed(start.id))) await new Promise(() => {});
      },
      // Nothing listens to each token: that would cost more than all the rest.
      handleChatModelStart(...[, , run, , , , metadata]: readonly unknown[]) {
        tasks.set(textOf(run), textOf(fieldsOf(metadata)['langgraph_checkpoint_ns']));
      },
      handleLLMEnd(output: unknown) {
        const [first] = listOf(listOf(fieldsOf(output)['generations'])[0]);
        ended.add(textOf(fieldsOf(fieldsOf(first)['message'])['id']));
      },
      handleLLMError(...[, run]: readonly unknown[]) {
        const task = tasks.get(textOf(run)) ?? '';
        failures.set(task, (failures.get(task) ?? 0) + 1);
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
    takeFailures(task, count) {
      const all = failures.get(task) ?? 0;
      if (all < count) return false;
      failures.set(task, all - count);
      return true;
    },
    hasEnded: (message) => ended.has(message),
  };
}

function toChunk({ id, tool }: ToolStart, input: unknown): unknown {
  return [[], 'tools', { event: 'on_tool_start', toolCallId: id, name: tool, input }];
}

/** Tools that start one of several agents name it in their input, as that of `deepagents` does. */
function toSpeaker(tool: string, input: unknown): string {
  return (textOf(fieldsOf(toCallInput(input))['subagent_type']) || tool).slice(0, longestName);
}
