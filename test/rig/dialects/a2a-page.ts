import type { StreamResponse, Task } from 'a2a-sdk';
import { TaskState } from 'a2a-sdk';
import type { ShownExchange, ShownTool } from 'heddle/testing';

/** A task as a peer's program keeps it: by the events of its streams, and by the tasks that it gets. */
interface KeptTask {
  readonly said: string;
  readonly state: TaskState;
  /** The text of each artifact, by its id. */
  readonly artifacts: Map<string, string>;
  readonly tools: Map<string, KeptTool>;
  /** The approvals that the task waits for, each with its call. */
  readonly questions: readonly Question[];
}

interface KeptTool extends Omit<ShownTool, 'status'> {
  readonly status: string;
}

interface Question {
  readonly approval: string;
  readonly call?: string;
}

/** The tasks of one conversation. */
export interface A2aPage {
  see(event: StreamResponse): void;
  /** Takes a task as it stands. */
  keep(task: Task): void;
  clear(): void;
  state(id: string): TaskState | undefined;
  /** The task that waits for approvals, and their names. */
  readonly waiting: { readonly id: string; readonly approvals: readonly string[] } | undefined;
  /** The last task. */
  readonly last: string | undefined;
  readonly ids: readonly string[];
  readonly shown: readonly ShownExchange[];
}

export const over: ReadonlySet<TaskState | undefined> = new Set([
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
]);

export function createA2aPage(): A2aPage {
  const tasks = new Map<string, KeptTask>();
  const waiting = (): A2aPage['waiting'] => {
    const [found] = [...tasks].filter(([, { questions }]) => questions.length > 0);
    return found && { id: found[0], approvals: found[1].questions.map(({ approval }) => approval) };
  };
  const change = (id: string, state: TaskState | undefined, parts: unknown): void => {
    const task = tasks.get(id);
    if (task === undefined || state === undefined) return;
    const isAsking = state === TaskState.TASK_STATE_INPUT_REQUIRED;
    tasks.set(id, { ...task, state, questions: isAsking ? toQuestions(parts) : [] });
  };
  const keep = (task: Task): void => {
    const { id, history, artifacts, status, metadata } = task;
    tasks.set(id, {
      said: toText(history[0]?.parts ?? []) || (tasks.get(id)?.said ?? ''),
      state: status?.state ?? TaskState.TASK_STATE_UNSPECIFIED,
      artifacts: new Map(artifacts.map((each) => [each.artifactId, toText(each.parts)])),
      tools: new Map(
        (metadata?.['tools'] ?? []).map((tool: KeptTool & { call: string }) => [tool.call, tool]),
      ),
      questions: [],
    });
    change(id, status?.state, status?.message?.parts ?? []);
  };
  return {
    keep,
    clear: () => tasks.clear(),
    see({ payload }) {
      if (payload?.$case === 'task') keep(payload.value);
      if (payload?.$case === 'artifactUpdate') {
        const { taskId, artifact, append } = payload.value;
        const texts = tasks.get(taskId)?.artifacts;
        const id = artifact?.artifactId ?? '';
        if (append && texts?.has(id) === false) throw new Error(`There is no artifact ${id} to append to.`);
        texts?.set(id, (append ? (texts.get(id) ?? '') : '') + toText(artifact?.parts ?? []));
      }
      if (payload?.$case === 'statusUpdate') {
        const { taskId, status, metadata } = payload.value;
        const tools = tasks.get(taskId)?.tools;
        const { tool_use: use, tool_result: result } = metadata ?? {};
        if (use) tools?.set(use.call, { tool: use.tool, input: use.input, status: 'running' });
        const called = tools?.get(result?.call);
        if (called) tools?.set(result.call, { ...called, status: result.status, output: result.output });
        change(taskId, status?.state, status?.message?.parts ?? []);
      }
    },
    state: (id) => tasks.get(id)?.state,
    get waiting() {
      return waiting();
    },
    get last() {
      return [...tasks.keys()].at(-1);
    },
    get ids() {
      return [...tasks.keys()];
    },
    get shown() {
      return [...tasks.values()].map(({ said, artifacts, tools, questions }) => ({
        said,
        text: [...artifacts.values()].join(''),
        reasoning: '',
        tools: [...tools].map(([call, tool]) =>
          toShownTool(
            tool,
            questions.some((each) => each.call === call),
          ),
        ),
      }));
    },
  };
}

function toShownTool({ tool, input, status, output }: KeptTool, isAsked: boolean): ShownTool {
  if (isAsked) return { tool, input, status: 'waiting' };
  if (status === 'ok') return { tool, input, status, output };
  return { tool, input, status: status === 'error' ? 'error' : 'open' };
}

type Parts = Task['history'][number]['parts'];

function toText(parts: Parts): string {
  return parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');
}

function toQuestions(parts: unknown): readonly Question[] {
  return (parts as Parts).flatMap(({ content }) =>
    content?.$case === 'data' ? [content.value as Question] : [],
  );
}
