import { expect, test } from 'vitest';
import { toServer } from './to-server.ts';

test.each([
  ['127.0.0.1:8000', 'http://127.0.0.1:8000'],
  ['chat.example.com', 'http://chat.example.com'],
  ['HTTPS://chat.example.com/agent/', 'HTTPS://chat.example.com/agent'],
  ['http://[::1]:8000', 'http://[::1]:8000'],
])('%s is the server %s', (given, server) => {
  expect(toServer(given)).toBe(server);
});

test.each(['ftp://chat.example.com', 'ws://127.0.0.1:8000', 'file:///etc/passwd', 'http://', 'not a url'])(
  '%s is refused',
  (given) => {
    expect(() => toServer(given)).toThrow(`"${given}" is not the URL of a server.`);
  },
);
