import { AgentError } from '../../protocol/index.ts';
import { expect, test } from 'vitest';
import { toStrandsError } from './to-strands-error.ts';

const withName = (name: string, message = 'secret', cause?: unknown): Error => {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
};

test.each([
  [withName('ContextWindowOverflowError'), 'context_overflow'],
  [
    withName('ModelError', 'x', Object.assign(new Error('secret'), { $metadata: { httpStatusCode: 403 } })),
    'model_auth',
  ],
  [
    withName('ModelError', 'x', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' })),
    'model_unreachable',
  ],
  [withName('ModelError', 'x', Object.assign(new Error('secret'), { status: 529 })), 'model_throttled'],
  [withName('ModelError', 'x', Object.assign(new Error('secret'), { status: 500 })), 'model_failed'],
  [withName('ModelError', 'secret'), 'model_failed'],
  [withName('StructuredOutputError'), 'output_invalid'],
])('%s is reported as %s', (error, code) => {
  const told = toStrandsError(error);
  expect(told).toBeInstanceOf(AgentError);
  expect(told).toMatchObject({ code });
  expect(String(told)).not.toContain('secret');
});

test('an AgentError that the SDK wrapped keeps its message', () => {
  const own = new AgentError('out_of_credit', 'Your credit is used up.');
  expect(toStrandsError(withName('ModelError', 'x', own))).toBe(own);
});

test('an error whose cause is itself does not loop', () => {
  const error: Error & { cause?: unknown } = new Error('round');
  error.cause = error;
  expect(toStrandsError(error)).toBe(error);
});
