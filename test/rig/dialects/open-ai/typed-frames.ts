// Checks frames against the type declarations of the package: fields that are missing, of another type, or
// unknown.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../child.ts';
import { temporaryFolder } from '../../heddle-serve.ts';

/** The types against which values are checked. The package itself adds `output_text`. */
const types = {
  event: 'OnWire<ResponseStreamEvent>',
  response: "Omit<Response, 'output_text'>",
  item: 'ResponseOutputItem',
  chunk: 'ChatCompletionChunk & { choices: { delta: { reasoning_content?: string } }[] }',
  completion: 'ChatCompletion & { choices: { message: { reasoning_content?: string } }[] }',
} as const;

type FrameType = keyof typeof types;

/** Values by their types. Values of one shape are kept once. */
export interface TypedFrames {
  add(type: FrameType, value: unknown): void;
  /** Returns the errors of the compiler; empty if there are none. */
  check(): Promise<string>;
  readonly size: number;
}

/** The fields whose texts are part of a type. */
const words = new Set([
  'code',
  'finish_reason',
  'object',
  'reason',
  'role',
  'status',
  'tool_choice',
  'truncation',
  'type',
]);

export function createTypedFrames(): TypedFrames {
  const shapes = new Map<FrameType, Set<string>>();
  const add = (type: FrameType, value: unknown): void => {
    const known = shapes.get(type) ?? new Set();
    shapes.set(type, known.add(JSON.stringify(toShape(value, '', add))));
  };
  return {
    add,
    async check() {
      const declared = Object.entries(types).map(([type, name]) => {
        const values = [...(shapes.get(type as FrameType) ?? [])].join(',\n');
        return `export const ${type}s: readonly (${name})[] = [\n${values}\n];`;
      });
      const folder = temporaryFolder(join(root, 'test'));
      const file = join(folder.path, 'frames.ts');
      writeFileSync(file, `${imports}\n${declared.join('\n')}\n`);
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--target', 'esnext'];
      const modules = ['--module', 'nodenext', '--types', 'node'];
      const run = promisify(execFile);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      try {
        await run(process.execPath, [tsc, ...options, ...modules, file], { cwd: root });
        return '';
      } catch (error) {
        return String(Object(error).stdout || error);
      } finally {
        folder.remove();
      }
    },
    get size() {
      return [...shapes.values()].reduce((sum, { size }) => sum + size, 0);
    },
  };
}

const imports = `import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
type OnWire<Event> = Event extends { response: Response }
  ? Omit<Event, 'response'> & { response: Omit<Response, 'output_text'> }
  : Event;`;

/** Returns a value with other texts and numbers. Items of an output are added on their own. */
function toShape(value: unknown, field: string, add: TypedFrames['add']): unknown {
  if (typeof value === 'string') return words.has(field) ? value : 'text';
  if (typeof value === 'number') return /_index$|^index$/.test(field) ? 0 : 1;
  if (field === 'output' && Array.isArray(value)) {
    for (const item of value) add('item', item);
    return [];
  }
  if (Array.isArray(value)) return value.map((each) => toShape(each, field, add));
  if (typeof value !== 'object' || value === null) return value;
  // A code of an event is any text.
  const isEvent = 'sequence_number' in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      toShape(each, isEvent && name === 'code' ? '' : name, add),
    ]),
  );
}
