import { expect, test } from 'vitest';
import { createClient, createEventStream } from './index.ts';

const url = 'http://127.0.0.1:9';

test.each(['readTimeoutMs', 'eventTimeoutMs'])('an invalid %s is refused at creation', (name) => {
  for (const value of [Number.NaN, 0, -1, 2 ** 31, '1000']) {
    expect(() => createClient({ url, [name]: value })).toThrow(`${name}: `);
    expect(() => createEventStream(url, { [name]: value })).toThrow(`${name}: `);
  }
  createClient({ url, [name]: Infinity });
});

test('an invalid number of tries is refused, and no request is sent', async () => {
  const client = createClient({ url, fetch: () => Promise.reject(new Error('It asks.')) });
  for (const tries of [Number.NaN, 0, -1, 1.5])
    await expect(client.sessions({ tries })).rejects.toThrow(`tries: ${tries} is not taken`);
});
