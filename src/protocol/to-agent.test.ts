import { expect, test } from 'vitest';
import { defineAgent, toAgent } from './index.ts';
import type { AgentEvent, Turn } from './index.ts';

const turn: Turn = {
  turn: 't1',
  attempt: 1,
  input: { type: 'message', content: 'hi' },
  signal: new AbortController().signal,
  history: () => [],
  save: () => {},
};

async function run(value: unknown): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of toAgent(value).open({ session: 's1', owner: 'ann' })(turn)) events.push(event);
  return events;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* generator(): AsyncGenerator<AgentEvent> {
  yield 'a';
  yield 'b';
}

/**
 * An async generator as a compiler writes it for an older language: a plain function that returns an object
 * with the methods.
 */
function compiled(): object {
  const inner = generator();
  return {
    next: () => inner.next(),
    return: () => inner.return(undefined),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* nodeStream(): AsyncGenerator<Uint8Array> {
  yield bytes('あ').slice(0, 1);
  yield bytes('あ').slice(1);
}

test.each<readonly [string, unknown]>([
  ['an async generator function', generator],
  ['a bound one', generator.bind(undefined)],
  ['a wrapped one', (...args: []) => generator(...args)],
  ['one that was compiled to an older language', compiled],
  [
    'a generator function',
    function* () {
      yield 'a';
      yield Promise.resolve('b');
    },
  ],
  ['a function that gives a list', () => ['a', 'b']],
  ['a function that gives an iterable', () => new Set(['a', 'b'])],
  ['a function that gives an iterator', () => ({ next: generator().next.bind(generator()) })],
  ['a function that promises a list', async () => ['a', Promise.resolve('b')]],
  ['a function that promises an async iterable', async () => generator()],
  ['a function that gives a stream of text', () => streamOf(['a', 'b'])],
  ['a function that gives a stream of bytes', () => streamOf([bytes('a'), bytes('b')])],
])('%s is an agent', async (name, value) => {
  expect(await run(value)).toEqual(['a', 'b']);
});

test.each<readonly [string, unknown, string]>([
  ['a text', () => 'all', 'all'],
  ['a promise of a text', async () => 'all', 'all'],
  ['a Response', () => new Response('all'), 'all'],
  ['a promise of a Response without a body', async () => new Response(null), ''],
  ['a stream that cuts characters', () => streamOf([bytes('あ').slice(0, 2), bytes('あ').slice(2)]), 'あ'],
  ['a stream of Node', () => Object.assign(nodeStream(), { pipe: () => {} }), 'あ'],
])('a function may give %s', async (name, value, text) => {
  expect((await run(value)).join('')).toBe(text);
});

test('a function may give one event, or a list with events', async () => {
  const stop = { type: 'stop', reason: 'done' };
  expect(await run(() => stop)).toEqual([stop]);
  expect(await run(() => ['a', stop])).toEqual(['a', stop]);
});

test('the function gets the turn and the session', async () => {
  const given = await run(({ session, owner, attempt, input }: Record<string, unknown>) => [
    { session, owner, attempt, input },
  ]);
  expect(given).toEqual([{ session: 's1', owner: 'ann', attempt: 1, input: turn.input }]);
});

test('toAgent and defineAgent return an agent unchanged', () => {
  const agent = { open: () => generator, onCrash: 'fail' as const };
  expect(toAgent(agent)).toBe(agent);
  expect(defineAgent(agent)).toBe(agent);
});

test.each<readonly [unknown, string]>([
  [undefined, 'this is nothing (undefined).'],
  [null, 'this is null.'],
  [42, 'this is the number 42.'],
  ['gpt-5', 'this is the text "gpt-5".'],
  [['a'], 'this is a list of 1.'],
  [{ name: 'x', tools: [] }, 'this is an object with name, tools.'],
  [{ default: generator }, 'Give its default export.'],
  [generator(), 'Give the function itself, without calling it.'],
  [Promise.resolve(generator), 'Await it first.'],
  [
    class Weather {
      city = 'Kyoto';
    },
    'a class (Weather). Give a function that makes one for each turn',
  ],
  [{ stream: generator }, 'strands(() => new Agent(…))'],
])('a value that is not an agent is refused with a description: %#', (value, words) => {
  expect(() => toAgent(value)).toThrow(TypeError);
  expect(() => toAgent(value)).toThrow(words);
});

test.each<readonly [unknown, string]>([
  [undefined, 'gave nothing (undefined).'],
  [42, 'gave the number 42.'],
  [{ role: 'assistant', content: 'x' }, 'gave an object with role, content.'],
  [generator, 'gave a function (generator). It gives text'],
  [generator, 'is given as { open }.'],
  [{ stream: generator }, 'wrap the function in strands()'],
  [bytes('a'), 'gave an object with 0.'],
  [new Response('', { status: 401 }), 'a Response with status 401'],
  [
    new Response('', { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }),
    'text/event-stream',
  ],
])('a return value that cannot be converted fails with a description: %#', async (said, words) => {
  await expect(run(() => said)).rejects.toThrow(words);
  await expect(run(async () => said)).rejects.toThrow(words);
});

test('a value that throws when it is inspected is refused too', () => {
  expect(() => toAgent(revoked())).toThrow('this is an object that cannot be looked at.');
});

test('a stream is cancelled when its consumer stops', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue('a'),
    cancel: () => resolve(),
  });
  for await (const event of toAgent(async () => stream).open({ session: 's', owner: 'o' })(turn)) {
    expect(event).toBe('a');
    break;
  }
  await promise;
});

test('a promise in a list that rejects early fails the turn only', async () => {
  const failed = Promise.reject(new Error('first of all'));
  const { promise, resolve } = Promise.withResolvers<string>();
  const events = run(() => [promise, failed]);
  // Node would report an unhandled rejection now.
  await new Promise((seen) => setImmediate(seen));
  resolve('a');
  await expect(events).rejects.toThrow('first of all');
});

/** Creates a stream that yields these pieces one by one. */
function streamOf(pieces: readonly unknown[]): ReadableStream {
  const left = [...pieces];
  return new ReadableStream({
    pull: (controller) => (left.length === 0 ? controller.close() : controller.enqueue(left.shift())),
  });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
