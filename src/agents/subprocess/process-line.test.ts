import { expect, test } from 'vitest';
import { toProcessLine } from './process-line.ts';

test.each([
  ['{"type":"ready","version":1,"turns":4}', { type: 'ready', version: 1, turns: 4 }],
  ['{"type":"ready","version":2,"turns":-1}', { type: 'ready', version: 2, turns: 16 }],
  ['{"type":"ready","turns":1e9}', { type: 'ready', version: undefined, turns: 10_000 }],
  ['{"type":"end","turn":"t.1"}', { type: 'spoken', turn: 't.1', line: { type: 'end' } }],
  [' {"type":"ready","turn":"t.1"}', { type: 'unknown' }],
  ['{"type":"content","data":"no turn"}', { type: 'stray' }],
  ['{"level":"info"}', { type: 'stray' }],
  ['{"type":"end","turn":"t.1"', { type: 'stray' }],
  ['"text"', { type: 'stray' }],
  ['null', { type: 'stray' }],
  ['Loading the model …', { type: 'stray' }],
])('%s', (text, line) => {
  expect(toProcessLine(text)).toEqual(line);
});
