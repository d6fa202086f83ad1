import { expect, test } from 'vitest';
import { checkRuntime } from './check-runtime.ts';

const path = '/data/heddle.db';
const cure = 'use Node 22.13, Node 24, Bun 1.4 or Deno 2.8 or later, or another store.';

test('the error names the runtime, what it lacks, and the runtimes that work', () => {
  for (const [versions, hasSqlite, words] of [
    [{ node: '23.2.0' }, false, 'Node 23.2.0 has no node:sqlite'],
    [{ node: '24.3.0', bun: '1.3.14' }, false, 'Bun 1.3.14 has no node:sqlite'],
    [{ node: '20.11.1', deno: '2.1.4' }, false, 'Deno 2.1.4 has no node:sqlite'],
    [{ node: '22.12.0', deno: '2.7.1' }, true, 'Deno 2.7.1 has no threads like those of Node'],
  ] as const) {
    expect(() => checkRuntime(path, versions, hasSqlite)).toThrow(
      `The log at ${path} cannot be opened: ${words}; ${cure}`,
    );
  }
});

test('a runtime that works passes', () => {
  for (const versions of [{}, { bun: '1.4.0' }, { deno: '2.8.0' }, { deno: '2.10.1' }, { deno: '3.0.0' }]) {
    expect(() => checkRuntime(path, { node: '26.3.0', ...versions }, true)).not.toThrow();
  }
  expect(() => checkRuntime(path)).not.toThrow();
});
