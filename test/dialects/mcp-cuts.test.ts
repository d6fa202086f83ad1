// Answers of MCP whose connections or nodes break, with the official client.
import { mcp } from 'heddle/dialects';
import { createRandom } from 'heddle/testing';
import type { CheckedServer } from 'heddle/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createCheckedAgent, toCounted } from '../../src/testing/dialects/checked-agent.ts';
import { startWith } from '../rig/checked-server.ts';
import { askMcp, useMcpClients } from '../rig/dialects/mcp-client.ts';

const agent = createCheckedAgent();
let server: CheckedServer;
beforeAll(async () => {
  server = await startWith(mcp())(agent.agent);
});
afterAll(() => server.close());

const open = useMcpClients(() => server.url);

/** Returns a fetch whose streams break after a number of bytes: with an error, or with a clean end. */
function fetchCut(toBytes: (stream: number) => number, how: 'error' | 'end'): typeof fetch {
  let streams = 0;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
    let left = toBytes((streams += 1));
    const cut = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        controller.enqueue(chunk.slice(0, left));
        left -= chunk.byteLength;
        if (left > 0) return;
        if (how === 'end') controller.terminate();
        else controller.error(new Error('The connection was cut.'));
      },
    });
    return new Response(response.body?.pipeThrough(cut) ?? null, response);
  };
}

/** The bytes of a stream up to the end of its first event, which names the stream. */
const firstBytes = 300;

test.each([
  ['error', 1],
  ['error', 2],
  ['end', 3],
  ['end', 4],
] as const)(
  'a client that began with initialize goes on after each cut (%s, seed %d), and has every frame once',
  async (how, seed) => {
    const random = createRandom(seed);
    let streams = 0;
    const client = await open({
      fetch: fetchCut((stream) => {
        streams = stream;
        return stream > 25 ? Infinity : firstBytes + random.integer(0, stream === 1 ? 300 : 900);
      }, how),
    });
    const said = `count 60 ${seed}`;
    const seen: number[] = [];
    const { texts } = await askMcp(client, said, {
      thread: said,
      onprogress: ({ progress }) => void seen.push(progress),
    });
    expect(texts).toEqual([toCounted(60)]);
    expect(agent.asked(said)).toBe(1);
    expect(streams).toBeGreaterThan(1);
    expect(seen).toEqual([2, 3, 4, 5]);
  },
);

test('an approval that was asked for before a cut is asked for once', async () => {
  const asked: string[] = [];
  const client = await open({
    fetch: fetchCut((stream) => (stream > 8 ? Infinity : 500 + stream * 100), 'error'),
    onForm: (message) => {
      asked.push(message);
      return { action: 'accept', content: { approve: true } };
    },
  });
  const { texts } = await askMcp(client, 'ask', { thread: 'cut approval' });
  expect(texts).toEqual(['May I? ', 'Thank you.']);
  expect(asked).toHaveLength(1);
});

test('a node dies: one client goes on with the next node, and the turn of the other one, too', async () => {
  const own = createCheckedAgent();
  const mortal = await startWith(mcp())(own.agent);
  try {
    const legacy = await open({ url: mortal.url });
    const modern = await open({ url: mortal.url, era: 'modern' });
    const lostOne = new AbortController();
    const held = askMcp(legacy, 'hold 20', { thread: 'one' });
    // This client does not tell that a stream broke, and waits until its time is over.
    const lost = askMcp(modern, 'hold 22', { thread: 'other', signal: lostOne.signal });
    await vi.waitFor(() => expect([own.asked('hold 20'), own.asked('hold 22')]).toEqual([1, 1]));
    await mortal.takeOver?.();
    lostOne.abort();
    await expect(lost).rejects.toThrow();
    expect(await held).toMatchObject({ texts: [toCounted(20)] });
    expect(own.asked('hold 20')).toBe(2);
    // The death of a node is not a client that leaves.
    expect(await askMcp(modern, 'hello', { thread: 'other' })).toMatchObject({ texts: ['hello.'] });
    expect(own.asked('hold 22')).toBe(2);
    expect(own.cancelled).toBe(2);
  } finally {
    await mortal.close();
  }
});
