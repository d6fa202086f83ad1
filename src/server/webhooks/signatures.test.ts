import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSign } from './signatures.ts';

test('a notice is signed as Standard Webhooks has it', async () => {
  // The example of that specification's libraries.
  const sign = createSign(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);
  expect(await sign('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('each secret signs, the newest first', async () => {
  const keys = ['a'.repeat(24), 'b'.repeat(64)];
  const sign = createSign(keys.map((key) => `whsec_${btoa(key)}`));
  const expected = keys.map(
    (key) => `v1,${createHmac('sha256', key).update('id.1.{"ü":1}').digest('base64')}`,
  );
  expect(await sign('id', 1, '{"ü":1}')).toBe(expected.join(' '));
});

test.each([
  [[]],
  [['secret']],
  [['a secret of thirty-two characters']],
  [[`whsec_${btoa('x'.repeat(23))}`]],
  [[`whsec_${btoa('x'.repeat(65))}`]],
  [[`whsec_${btoa('x'.repeat(32))}`, '']],
])('%j are no secrets', (secrets) => {
  expect(() => createSign(secrets)).toThrow('whsec_');
});
