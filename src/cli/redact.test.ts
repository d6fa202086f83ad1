import { expect, test } from 'vitest';
import { redact } from './redact.ts';

test.each([
  ['redis://ada:pa55@db.example:6379/0', 'redis://***@db.example:6379/0'],
  ['redis://:pa55@db.example', 'redis://***@db.example'],
  ['redis://:p@5/5#?5@db.example', 'redis://***@db.example'],
  ['REDISS://ada:pa55@[::1]:6379', 'REDISS://***@[::1]:6379'],
  [
    'see https://ada:p@55@example.com/a?b=c@d, or http://x:y@z',
    'see https://***@example.com/a?b=c@d, or http://***@z',
  ],
  ['{"url":"postgres://ada:pa55@db"}', '{"url":"postgres://***@db"}'],
  ['redis://a:1@x redis://b:2@y', 'redis://***@x redis://***@y'],
])('the password in %s is hidden', (text, shown) => {
  expect(redact(text)).toBe(shown);
});

test.each([
  'redis://db.example:6379',
  'at file:///app/node_modules/@scope/name/index.js:1:2',
  'https://unpkg.com/@scope/name@1.2.3/index.js?at=a@b#c@d',
  'write to ada@example.com',
])('%s stays unchanged', (text) => {
  expect(redact(text)).toBe(text);
});
