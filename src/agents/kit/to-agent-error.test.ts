import { expect, test } from 'vitest';
import { AgentError } from '../../protocol/index.ts';
import { toAgentError } from './to-agent-error.ts';

class LimitError extends Error {}
const vendor = { names: { LimitError: 'max_tokens' }, wrappers: { RunError: 'model_failed' } } as const;
const wrapped = (cause?: unknown): Error =>
  Object.assign(new Error('secret', { cause }), { name: 'RunError' });

test.each([
  [new LimitError('secret'), 'max_tokens'],
  [wrapped(new LimitError('secret')), 'max_tokens'],
  [wrapped(), 'model_failed'],
  [wrapped({ statusCode: 429 }), 'model_throttled'],
  [{ $metadata: { httpStatusCode: 401 } }, 'model_auth'],
  [wrapped({ code: 'ENOTFOUND' }), 'model_unreachable'],
])('%s becomes the failure %s, with the error as its cause', (error, code) => {
  const told = toAgentError(error, vendor);
  expect(told).toBeInstanceOf(AgentError);
  expect(told).toMatchObject({ code, cause: error });
  expect(String(told)).not.toContain('secret');
});

test('an error without a known name, status or code is returned as it is', () => {
  const odd = Object.assign(new Error('odd'), { name: 'constructor', status: 200 });
  expect(toAgentError(odd, vendor)).toBe(odd);
});
