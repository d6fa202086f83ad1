import { describe, expect, test } from 'vitest';
import { toClientEvents } from './to-events.ts';

async function* waitFor(
  signal: AbortSignal,
  log: string[],
): AsyncGenerator<readonly number[], void, undefined> {
  try {
    yield [1, 2];
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } finally {
    log.push('cleaned');
  }
}

describe('events', () => {
  test('ends a pending step on return', async () => {
    const log: string[] = [];
    const iterator = toClientEvents(undefined, (signal) => waitFor(signal, log))[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    const parked = iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await parked).toEqual({ done: true, value: undefined });
    expect(log).toEqual(['cleaned']);
  });

  test('ends when the outer signal is aborted', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const value of toClientEvents(controller.signal, (signal) => waitFor(signal, []))) {
      seen.push(value);
      controller.abort();
    }
    expect(seen).toEqual([1]);
  });

  test('starts anew with each loop', async () => {
    const iterable = toClientEvents(undefined, async function* () {
      yield [1];
    });
    const seen: number[] = [];
    for await (const value of iterable) seen.push(value);
    for await (const value of iterable) seen.push(value);
    expect(seen).toEqual([1, 1]);
  });
});
