import { expect, test } from 'vitest';
import { refusals } from '../../protocol/index.ts';
import type { RefusalCode } from '../../protocol/index.ts';
import type { DialectRequest } from '../dialect-route.ts';
import { toOpenAiRefusal } from './to-open-ai-error.ts';

const keyed: DialectRequest = {
  params: {},
  query: new URLSearchParams(),
  body: {},
  header: (name) => (name === 'idempotency-key' ? 'k' : undefined),
};

/** Returns whether a client should repeat: a POST without a key, one with a key, and a GET. */
function toRetries(code: RefusalCode): readonly unknown[] {
  const refusal = { code, status: refusals[code].status, message: 'No.' };
  return [
    toOpenAiRefusal(refusal, undefined, false),
    toOpenAiRefusal(refusal, keyed, false),
    toOpenAiRefusal(refusal, undefined, true),
  ].map(({ headers }) => headers?.['x-should-retry'] === 'true');
}

test.each([
  ['unauthorized', 401, 'invalid_request_error', 'invalid_api_key'],
  ['not_found', 404, 'invalid_request_error', 'not_found'],
  ['too_large', 413, 'invalid_request_error', 'too_large'],
  ['too_many', 429, 'rate_limit_error', 'rate_limit_exceeded'],
  ['internal', 500, 'server_error', 'server_error'],
  ['draining', 503, 'server_error', 'draining'],
] as const)('%s is told in the words of OpenAI', (code, status, type, name) => {
  const reply = toOpenAiRefusal({ code, status, message: 'No.' }, undefined, false);
  expect(reply).toMatchObject({ status, body: { error: { message: 'No.', type, param: null, code: name } } });
});

test('a request is repeated if that is of use, and asks the agent once', () => {
  for (const code of ['too_many', 'queue_full', 'busy'] as const)
    expect([code, ...toRetries(code)]).toEqual([code, true, true, true]);
  for (const code of ['internal', 'unavailable', 'draining'] as const)
    expect([code, ...toRetries(code)]).toEqual([code, false, true, true]);
  for (const code of [
    'malformed',
    'unauthorized',
    'not_found',
    'too_late',
    'key_reused',
    'storage_full',
  ] as const)
    expect([code, ...toRetries(code)]).toEqual([code, false, false, false]);
});
