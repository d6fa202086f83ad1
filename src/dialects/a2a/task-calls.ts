import type { SpokenEvent } from '../../protocol/index.ts';
import type { A2aFacts } from './a2a-objects.ts';
import type { A2aQuestion } from './question.ts';

type Of<Type extends SpokenEvent['type']> = Extract<SpokenEvent, { type: Type }>;

/** The tool calls of a task, and the approvals that its turn asks for. */
export interface TaskCalls {
  /** Returns the metadata of the update that tells a call or its result; undefined if nothing is told. */
  see(event: Of<'tool_use' | 'tool_result' | 'approval_request'>): A2aFacts | undefined;
  /** Begins a turn, or another attempt of it. Earlier questions are not asked any more. */
  restart(): void;
  readonly questions: readonly A2aQuestion[];
}

export function createTaskCalls(): TaskCalls {
  const calls = new Map<string, NonNullable<A2aQuestion['call']>>();
  let questions: A2aQuestion[] = [];
  return {
    see(event) {
      switch (event.type) {
        case 'tool_use': {
          const { call, tool, input } = event;
          calls.set(call, { call, tool, input });
          return { tool_use: { call, tool, input: input ?? null } };
        }
        case 'tool_result': {
          const { call, output, status } = event;
          // The turn that goes on makes the call again.
          if (status === 'cancelled' && questions.some((each) => each.call?.call === call)) return undefined;
          return { tool_result: { call, status, output: output ?? null } };
        }
        case 'approval_request': {
          const { approval, reason, call } = event;
          const about = call === undefined ? undefined : calls.get(call);
          questions.push({ approval, reason, ...(about && { call: about }) });
          return undefined;
        }
      }
    },
    restart() {
      questions = [];
    },
    get questions() {
      return questions;
    },
  };
}
