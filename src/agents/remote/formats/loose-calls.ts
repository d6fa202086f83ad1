import { fieldsOf, textOf, toCallInput } from '../../kit/index.ts';
import type { Fields } from '../../kit/index.ts';
import type { Heard } from '../heard.ts';

/**
 * The calls of a server that reports them loosely: `{ tool, input, id }`, again and again while the model
 * writes the input, and most often without a result.
 */
export interface LooseCalls {
  use(fields: Fields): readonly Heard[];
  result(fields: Fields): readonly Heard[];
  /** Completes the call whose input was still being written. Anything that the server says next ends it. */
  complete(): readonly Heard[];
  /** Ends the calls that have no result. Whether they succeeded is not known, but the answer was given. */
  close(): readonly Heard[];
}

export function createLooseCalls(): LooseCalls {
  const open: string[] = [];
  let writing: { readonly call: string; readonly tool: string; text: string } | undefined;

  const complete = (): readonly Heard[] => {
    if (writing === undefined) return [];
    const { call, tool, text } = writing;
    writing = undefined;
    return [{ type: 'tool_use', call, tool, input: toCallInput(text) }];
  };

  const write = (call: string, tool: string, text: string): readonly Heard[] => {
    const isNew = writing?.call !== call || !text.startsWith(writing.text);
    const ended = isNew ? complete() : [];
    const before = isNew ? '' : (writing?.text ?? '');
    writing = { call, tool, text };
    const data = text.slice(before.length);
    if (isNew) open.push(call);
    return [
      ...ended,
      ...(isNew ? [{ type: 'tool_use_start', call, tool } as const] : []),
      ...(data === '' ? [] : [{ type: 'tool_use_input', call, data } as const]),
    ];
  };

  return {
    complete,
    use(fields) {
      const call = nameOf(fields['id'] ?? fields['call']) || 'call';
      const tool = nameOf(fields['tool'] ?? fields['name']) || 'tool';
      const input = fields['input'] ?? {};
      if (typeof input === 'string') return write(call, tool, input);
      const completed = complete();
      if (call !== 'call' && open.includes(call)) return completed;
      open.push(call);
      return [...completed, { type: 'tool_use', call, tool, input }];
    },
    result(fields) {
      const call = nameOf(fields['id'] ?? fields['call']) || (open[0] ?? 'call');
      const at = open.indexOf(call);
      if (at !== -1) open.splice(at, 1);
      const status = fields['status'] === 'error' ? 'error' : 'ok';
      return [
        ...complete(),
        { type: 'tool_result', call, output: fields['output'] ?? fields['result'] ?? null, status },
      ];
    },
    close: () => [
      ...complete(),
      ...open.splice(0).map((call) => ({ type: 'tool_result', call, output: null, status: 'ok' }) as const),
    ],
  };
}

function nameOf(value: unknown): string {
  return (typeof value === 'number' ? String(value) : textOf(value)).slice(0, 200);
}

/** Returns the first text among fields of these names. */
export function firstText(value: unknown, names: readonly string[]): string {
  const fields = fieldsOf(value);
  return textOf(names.map((name) => fields[name]).find((each) => typeof each === 'string'));
}
