import { a2a, agUi, aiSdk, mcp, openAi } from '../../dialects/index.ts';
import type { Dialect } from '../../dialects/index.ts';
import { ExitError } from './exit-error.ts';

const dialects: ReadonlyMap<string, () => Dialect> = new Map<string, () => Dialect>([
  ['ai-sdk', aiSdk],
  ['ag-ui', agUi],
  ['openai', openAi],
  ['a2a', a2a],
  ['mcp', mcp],
]);

/**
 * Returns the dialects that the command names, and by default all of them. Without auth beyond this machine
 * the default is none, because all callers would share the names of their conversations. Throws an ExitError
 * for an unknown name.
 */
export function chooseDialects(names: readonly string[], hasOwners: boolean): readonly Dialect[] {
  if (names.length === 0) return hasOwners ? [...dialects.values()].map((create) => create()) : [];
  if (names.length === 1 && names[0] === 'none') return [];
  return [...new Set(names)].map((name) => {
    const create = dialects.get(name);
    if (create !== undefined) return create();
    throw new ExitError(
      `There is no dialect "${name}" for --dialects; there are: ${[...dialects.keys()].join(', ')}, or none for none of them.`,
    );
  });
}
