import { createCallNames, toCallInput } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';

/** The tool calls of a model behind a URL. Nobody runs them, so each ends with an error. */
export interface ModelTools {
  /** Begins a call. `key` is the name by which the model continues it: an index, or the id of an item. */
  start(key: string, id: string, tool: string): readonly Heard[];
  addInput(key: string, data: string): readonly Heard[];
  /** Ends the input of a call. `input` is the whole input, if the model repeats it. */
  end(key: string, input?: string): readonly Heard[];
  endAll(): readonly Heard[];
  has(key: string): boolean;
}

export function createModelTools(): ModelTools {
  const nameFor = createCallNames();
  const open = new Map<string, { readonly call: string; readonly tool: string; text: string }>();
  const end = (key: string, input?: string): readonly Heard[] => {
    const found = open.get(key);
    if (found === undefined) return [];
    open.delete(key);
    const { call, tool, text } = found;
    return [
      { type: 'tool_use', call, tool, input: toCallInput(input ?? text) },
      { type: 'tool_result', call, output: 'No tool of this name is run here.', status: 'error' },
    ];
  };
  return {
    start(key, id, name) {
      const tool = name.slice(0, 200) || 'tool';
      const call = nameFor(id);
      open.set(key, { call, tool, text: '' });
      return [{ type: 'tool_use_start', call, tool }];
    },
    addInput(key, data) {
      const found = open.get(key);
      if (found === undefined || data === '') return [];
      found.text += data;
      return [{ type: 'tool_use_input', call: found.call, data }];
    },
    end,
    endAll: () => [...open.keys()].flatMap((key) => end(key)),
    has: (key) => open.has(key),
  };
}
