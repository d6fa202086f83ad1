import { expect, test, vi } from 'vitest';
import { RefusalError } from '../protocol/index.ts';
import type { RedisConnection } from './client.ts';
import { createRedisLink } from './redis-link.ts';
import type { LinkOptions } from './redis-link.ts';
import { defineScript } from './script.ts';

/** A connection that records the commands in the order they were sent. The test gives the answers. */
function createConnection(): {
  readonly connection: RedisConnection & { isReady: boolean };
  readonly asked: { readonly command: readonly string[]; readonly answer: (reply: unknown) => void }[];
} {
  const asked: { readonly command: readonly string[]; readonly answer: (reply: unknown) => void }[] = [];
  const connection = {
    isReady: true,
    send: (command: readonly string[]) =>
      new Promise((resolve, reject) => {
        const answer = (reply: unknown): void => (reply instanceof Error ? reject(reply) : resolve(reply));
        asked.push({ command, answer });
      }),
    subscribe: async () => {},
    unsubscribe: async () => {},
    reset: () => {},
    close: () => {},
  };
  return { connection, asked };
}

function toOptions(options: Partial<LinkOptions> = {}): LinkOptions {
  return { commandMs: 5_000, wait: undefined, onRecovered: () => {}, ...options };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof RefusalError ? `${error.code}: ${String(error.cause)}` : String(error);
}

async function soon(check: () => void): Promise<void> {
  await vi.waitFor(check, { interval: 1 });
}

const script = defineScript('one', [], 'return 1');

test('calls made in one turn of the event loop go out together', async () => {
  const { connection, asked } = createConnection();
  const link = createRedisLink(connection, toOptions());
  const calls = [link.send(['A']), link.send(['B'])];
  await Promise.resolve();
  calls.push(link.send(['C']));
  expect(asked).toHaveLength(0);
  await soon(() => expect(asked.map(({ command }) => command[0])).toEqual(['A', 'B', 'C']));
  for (const { answer, command } of asked) answer(`${command[0]}!`);
  expect(await Promise.all(calls)).toEqual(['A!', 'B!', 'C!']);
});

test('a script is sent by its digest, and in full if the server does not know it', async () => {
  const { connection, asked } = createConnection();
  const link = createRedisLink(connection, toOptions());
  const reply = link.run(script, ['key'], ['one', 'two']);
  await soon(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.command).toEqual(['EVALSHA', script.sha, '1', 'key', 'one', 'two']);
  asked[0]?.answer(new Error('NOSCRIPT No matching script.'));
  await soon(() => expect(asked).toHaveLength(2));
  expect(asked[1]?.command).toEqual(['EVAL', script.text, '1', 'key', 'one', 'two']);
  asked[1]?.answer('done');
  expect(await reply).toBe('done');
});

test('an error reply becomes a refusal: storage_full or unavailable', async () => {
  const { connection, asked } = createConnection();
  const link = createRedisLink(connection, toOptions());
  const refusals = {
    "OOM command not allowed when used memory > 'maxmemory'.": 'storage_full',
    'MISCONF Errors writing to the AOF file: No space left on device': 'storage_full',
    'NOREPLICAS Not enough good replicas to write.': 'unavailable',
    "READONLY You can't write against a read only replica.": 'unavailable',
    'LOADING Redis is loading the dataset in memory': 'unavailable',
    'Socket closed unexpectedly': 'unavailable',
  };
  for (const [words, code] of Object.entries(refusals)) {
    const call = link.send(['A']);
    await soon(() => expect(asked).toHaveLength(1));
    asked.pop()?.answer(new Error(words));
    expect(await codeOf(call)).toBe(`${code}: Error: Redis: ${words}`);
  }
});

test('after a timeout only one PING is sent until it is answered', async () => {
  const { connection, asked } = createConnection();
  const onRecovered = vi.fn<() => void>();
  const link = createRedisLink(connection, toOptions({ commandMs: 50, onRecovered }));
  expect(await codeOf(link.send(['A']))).toContain('there was no answer within 50 ms');
  expect(asked.map(({ command }) => command[0])).toEqual(['A', 'PING']);
  for (let index = 0; index < 100; index += 1)
    expect(await codeOf(link.send(['B']))).toContain('the server does not answer');
  expect(asked).toHaveLength(2);
  asked[1]?.answer('PONG');
  await soon(() => expect(onRecovered).toHaveBeenCalledOnce());
  const call = link.send(['C']);
  await soon(() => expect(asked).toHaveLength(3));
  asked[2]?.answer('done');
  expect(await call).toBe('done');
});

test('one slow command does not stop the others', async () => {
  const { connection, asked } = createConnection();
  const link = createRedisLink(connection, toOptions({ commandMs: 50 }));
  const slow = codeOf(link.send(['SLOW']));
  const timer = setInterval(() => {
    void link.send(['FAST']);
    for (const { command, answer } of asked) if (command[0] === 'FAST') answer('done');
  }, 5);
  expect(await slow).toContain('there was no answer');
  expect(asked.some(({ command }) => command[0] === 'PING')).toBe(false);
  clearInterval(timer);
});

test('without a connection, and once it is closed, a call is refused at once', async () => {
  const { connection, asked } = createConnection();
  const link = createRedisLink(connection, toOptions());
  connection.isReady = false;
  expect(await codeOf(link.send(['A']))).toContain('there is no connection');
  connection.isReady = true;
  const before = link.send(['B']);
  const closed = link.close();
  expect(await codeOf(link.send(['C']))).toContain('the store is closed');
  await soon(() => expect(asked).toHaveLength(1));
  asked[0]?.answer('done');
  expect(await before).toBe('done');
  await closed;
});

test('a lasting write waits for its replicas, and is refused if too few have it', async () => {
  const { connection, asked } = createConnection();
  const link = createRedisLink(connection, toOptions({ wait: { replicas: 2, timeoutMs: 40 } }));
  const replyWith = async (reached: number): Promise<Promise<unknown>> => {
    asked.length = 0;
    const reply = link.run(script, [], [], true);
    const settled = codeOf(reply);
    await soon(() => expect(asked).toHaveLength(1));
    asked[0]?.answer('done');
    await soon(() => expect(asked[1]?.command).toEqual(['WAIT', '2', '40']));
    asked[1]?.answer(reached);
    return settled;
  };
  expect(await replyWith(2)).toBe('undefined');
  expect(await replyWith(1)).toContain('1 of 2 replicas');
});
