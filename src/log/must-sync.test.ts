import { expect, test } from 'vitest';
import { mustSync } from './must-sync.ts';

test('commands, calls, results and ends wait for the disk, and text deltas do not', () => {
  const said = { type: 'content', turn: 't', part: 'p', data: 'a' } as const;
  expect(mustSync([said, said])).toBe(false);
  expect(mustSync([])).toBe(false);
  for (const event of [
    { type: 'session_start', session: 's' },
    { type: 'message', at: 0, message: 'm', turn: 't', content: 'a' },
    { type: 'message_start', at: 0, turn: 't', message: 'm', attempt: 1 },
    { type: 'message_end', turn: 't', outcome: 'completed' },
    { type: 'cancel_request', turn: 't' },
    { type: 'withdraw', message: 'm' },
    { type: 'approval_answer', turn: 't', approval: 'a', status: 'answered', decision: true },
    { type: 'approval_request', turn: 't', approval: 'a', reason: 'r' },
    { type: 'tool_use', turn: 't', call: 'c', tool: 'x', input: {} },
    { type: 'tool_result', turn: 't', call: 'c', output: 1, status: 'ok' },
    { type: 'discard', turn: 't', parts: ['p'] },
    { type: 'replace', turn: 't', part: 'p', data: '' },
  ] as const) {
    expect(mustSync([said, event, said])).toBe(true);
  }
});
