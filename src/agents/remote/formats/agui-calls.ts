import { createCallNames, textOf, toCallInput } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';

type By = { readonly agent?: readonly string[] };

/** The calls of an AG-UI run. */
export interface AguiCalls {
  start(event: Fields, by: By): readonly Heard[];
  addInput(event: Fields, by: By): readonly Heard[];
  end(event: Fields): readonly Heard[];
  result(event: Fields): readonly Heard[];
  /** Completes the input of calls whose end was not told. */
  complete(): readonly Heard[];
  nameOf(id: string): string;
}

interface RunCall {
  readonly call: string;
  readonly tool: string;
  readonly by: By;
  text: string;
  isMade: boolean;
}

export function createAguiCalls(): AguiCalls {
  const nameFor = createCallNames();
  const calls = new Map<string, RunCall>();
  /** The call that a chunk without an id belongs to. */
  let last = '';

  const make = (found: RunCall | undefined): readonly Heard[] => {
    if (found === undefined || found.isMade) return [];
    found.isMade = true;
    const { call, tool, by, text } = found;
    return [{ type: 'tool_use', call, tool, input: toCallInput(text), ...by }];
  };

  const addInput = (event: Fields): readonly Heard[] => {
    const found = calls.get(textOf(event['toolCallId']) || last);
    const data = textOf(event['delta']);
    if (found === undefined || found.isMade || data === '') return [];
    found.text += data;
    return [{ type: 'tool_use_input', call: found.call, data, ...found.by }];
  };

  return {
    start(event, by) {
      const id = textOf(event['toolCallId']) || last;
      const isNew = !calls.has(id);
      last = id;
      if (!isNew) return addInput(event);
      const tool = textOf(event['toolCallName']).slice(0, 200) || 'tool';
      const call = nameFor(id);
      calls.set(id, { call, tool, by, text: '', isMade: false });
      return [{ type: 'tool_use_start', call, tool, ...by }, ...addInput(event)];
    },
    addInput,
    end: (event) => make(calls.get(textOf(event['toolCallId']))),
    result(event) {
      const id = textOf(event['toolCallId']);
      const found = calls.get(id);
      const made = make(found);
      calls.delete(id);
      const { call, by } = found ?? { call: id.slice(0, 200) || 'call', by: {} };
      const output = toResult(textOf(event['content']));
      const status = textOf(event['error']) === '' ? 'ok' : 'error';
      return [...made, { type: 'tool_result', call, output, status, ...by }];
    },
    complete: () => [...calls.values()].flatMap(make),
    nameOf: (id) => calls.get(id)?.call ?? id.slice(0, 200),
  };
}

/** Results are texts. One that is a JSON object or list is taken as that. */
function toResult(text: string): unknown {
  return /^\s*[[{]/.test(text) ? toCallInput(text) : text;
}
