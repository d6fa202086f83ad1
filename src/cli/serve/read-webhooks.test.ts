import { expect, test } from 'vitest';
import { readWebhooks } from './read-webhooks.ts';

test('webhooks are off without their flag', () => {
  expect(readWebhooks({ webhookHost: [] }, 'whsec_x')).toEqual({});
});

test('they are those of any public host, or only of named ones', () => {
  expect(readWebhooks({ webhooks: 'public', webhookHost: [] }, 'new, old')).toMatchObject({
    webhooks: { secrets: ['new', 'old'], hosts: [], onlyHosts: false },
  });
  expect(readWebhooks({ webhooks: 'named', webhookHost: ['a:1'] }, 'one')).toMatchObject({
    webhooks: { secrets: ['one'], hosts: ['a:1'], onlyHosts: true },
  });
});

test.each([
  [{ webhookHost: ['a'] }, 'one', '--webhook-host needs --webhooks'],
  [{ webhooks: 'named', webhookHost: [] }, 'one', 'name some with --webhook-host'],
  [{ webhooks: 'public', webhookHost: [] }, undefined, 'HEDDLE_WEBHOOK_SECRET'],
  [{ webhooks: 'public', webhookHost: [] }, ' ', 'HEDDLE_WEBHOOK_SECRET'],
] as const)('%j with the secret %j is refused', (flags, secret, words) => {
  expect(() => readWebhooks(flags, secret)).toThrow(words);
});
