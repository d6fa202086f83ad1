import { describe, expect, test } from 'vitest';
import type { WebhookOptions } from './webhook-options.ts';
import { toWebhookSettings } from './webhook-options.ts';
import { createUrlCheck } from './webhook-urls.ts';

const fetch: WebhookOptions['fetch'] = async () => {
  throw new Error('unused');
};
const checkWith = (options: Partial<WebhookOptions> = {}) =>
  createUrlCheck(toWebhookSettings({ fetch, secrets: [], ...options }));

describe('without named hosts', () => {
  test.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com:443/a?b#c', 'https://example.com/a?b'],
    ['https://example.com:8443/', 'https://example.com:8443/'],
    ['https://EXAMPLE.com.', 'https://example.com./'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ])('%s is taken', (url, href) => {
    expect(checkWith()(url)).toMatchObject({ href, isTrusted: false });
  });

  test.each([
    ['http://example.com', 'https:'],
    ['ftp://example.com', 'https:'],
    ['file:///etc/passwd', 'https:'],
    ['javascript:alert(1)', 'https:'],
    ['/relative', 'is not a URL'],
    ['', 'is not a URL'],
    ['https://', 'is not a URL'],
    [`https://example.com/${'x'.repeat(2048)}`, 'is not a URL of at most 2048'],
    ['https://me@example.com', 'a user or a password'],
    ['https://me:secret@example.com', 'a user or a password'],
    ['https://:secret@example.com', 'a user or a password'],
    ['https://example.com:22', 'a port'],
    ['https://example.com:6379', 'a port'],
    ['https://127.0.0.1', 'not public'],
    ['https://2130706433', 'not public'],
    ['https://0x7f.1', 'not public'],
    ['https://017700000001', 'not public'],
    ['https://127.0.0.1.', 'not public'],
    ['https://169.254.169.254', 'not public'],
    ['https://[::1]', 'not public'],
    ['https://[::ffff:169.254.169.254]', 'not public'],
    ['https://[64:ff9b::a9fe:a9fe]', 'not public'],
    ['https://[fe80::1%25eth0]', 'is not a URL'],
  ])('%s is refused: %s', (url, words) => {
    expect(() => checkWith()(url)).toThrow(
      expect.objectContaining({ code: 'malformed', message: expect.stringContaining(words) }),
    );
  });
});

describe('named hosts', () => {
  const check = checkWith({
    hosts: ['localhost:9000', 'internal', '10.0.0.1', '[::1]:9000', '*.partner.example'],
  });

  test.each([
    ['http://localhost:9000/x', true],
    ['https://localhost:9000/x', true],
    ['http://internal:1234/', true],
    ['http://10.0.0.1/', true],
    ['http://[::1]:9000/', true],
    ['https://a.partner.example/', false],
    ['https://other.example/', false],
  ])('%s is taken, trusted: %s', (url, isTrusted) => {
    expect(check(url).isTrusted).toBe(isTrusted);
  });

  test.each([
    ['http://localhost:9001/'],
    ['http://localhost/'],
    ['http://internal.:1234/'],
    ['http://a.partner.example/'],
    ['https://10.0.0.2/'],
    ['http://10.0.0.1.nip.io/'],
  ])('%s is refused', (url) => {
    expect(() => check(url)).toThrow('The URL of the webhook');
  });

  test('are the only ones with onlyHosts', () => {
    const only = checkWith({ hosts: ['hooks.example', '*.partner.example'], onlyHosts: true });
    expect(only('https://hooks.example/').isTrusted).toBe(true);
    expect(only('https://a.partner.example/').isTrusted).toBe(false);
    for (const url of ['https://partner.example/', 'https://other.example/', 'https://evil-hooks.example/'])
      expect(() => only(url)).toThrow('not allowed');
  });

  test.each([[['*']], [['https://a.example']], [['*.com']]])('%j is refused as an option', (hosts) => {
    expect(() => checkWith({ hosts })).toThrow(/^webhooks/);
  });
});

test.each([
  [{ tries: 0 }, 'tries'],
  [{ timeoutMs: Number.NaN }, 'timeoutMs'],
  [{ firstWaitMs: -1 }, 'firstWaitMs'],
])('%j is refused', (options, name) => {
  expect(() => checkWith(options)).toThrow(name);
});
