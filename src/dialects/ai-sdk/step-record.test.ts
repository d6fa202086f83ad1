import { expect, test } from 'vitest';
import { createStepRecord } from './step-record.ts';

test('a step keeps the input and the newest progress of a call, however many pieces it had', () => {
  const record = createStepRecord();
  record.add({ type: 'start-step' });
  record.add({ type: 'tool-input-start', toolCallId: 'c', toolName: 't', providerExecuted: true });
  for (let piece = 0; piece < 1000; piece += 1)
    record.add({ type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: 'x' });
  const call = { toolCallId: 'c', providerExecuted: true } as const;
  record.add({ type: 'tool-input-available', toolName: 't', input: 1, ...call });
  for (let output = 0; output < 1000; output += 1)
    record.add({ type: 'tool-output-available', output, preliminary: true, ...call });
  record.add({ type: 'tool-output-available', output: 'done', ...call });
  const again = record.discard(['p']);
  expect(again.map(({ type }) => type)).toEqual([
    'reset-step',
    'tool-input-start',
    'tool-input-delta',
    'tool-input-available',
    'tool-output-available',
    'tool-output-available',
  ]);
  expect(again).toContainEqual({
    type: 'tool-input-delta',
    toolCallId: 'c',
    inputTextDelta: 'x'.repeat(1000),
  });
  expect(again).toContainEqual(expect.objectContaining({ output: 999 }));
});
