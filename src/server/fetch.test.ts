import { expect, test } from 'vitest';
import { ask, createTestServer } from './server.fixture.ts';

test('a page is answered from any bytes: a part of a buffer, or memory that threads share', async () => {
  const words = new TextEncoder().encode('<h1>page</h1>');
  const shared = new Uint8Array(new SharedArrayBuffer(words.length));
  shared.set(words);
  for (const body of [words, shared.subarray(4, 8), Buffer.from('<h1>page</h1>').subarray(4, 8)]) {
    const server = createTestServer(async function* () {}, {
      page: () => ({ type: 'whole', status: 200, headers: {}, body }),
    });
    expect(await (await ask(server, 'GET', '/')).text()).toContain('page');
    await server.close(0);
  }
});
