import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPartReader } from './part-reader.ts';
import { paceProgress } from './pace-progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const message = (text: string) => ({ role: 'assistant', parts: [{ type: 'text', text }] });
const progress = (toolCallId: string, output: unknown) => ({
  type: 'tool-result',
  preliminary: true,
  toolCallId,
  output,
});

/** Returns the outputs that are told, each with its time. Before each part so many milliseconds pass. */
async function tell(parts: readonly (readonly [ms: number, part: object])[]): Promise<readonly unknown[]> {
  const start = Date.now();
  const reader = createPartReader(
    (async function* () {
      for (const [ms, part] of parts) {
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
        yield part;
      }
    })(),
    new AbortController().signal,
  );
  const paced = paceProgress(reader);
  const told: unknown[] = [];
  const read = async (): Promise<void> => {
    for (;;) {
      const part = await paced.next();
      if (part === undefined) return;
      told.push([Date.now() - start, part['output'] ?? part['type']]);
    }
  };
  const reading = read();
  await vi.runAllTimersAsync();
  await reading;
  return told;
}

test('values are told at once, and the last one only as the result', async () => {
  const result = { type: 'tool-result', toolCallId: 'c1', output: 'three' };
  const told = await tell([
    [0, progress('c1', 'one')],
    [50, progress('c1', 'two')],
    [50, progress('c1', 'three')],
    [0, result],
  ]);
  expect(told).toEqual([
    [expect.toSatisfy((at: number) => at < 10), 'one'],
    [expect.toSatisfy((at: number) => at < 60), 'two'],
    [100, 'three'],
  ]);
});

test('of messages that come all the time the newest is told every 100 ms, for each call', async () => {
  const many = Array.from({ length: 40 }, (_, n) => [10, progress(`c${n % 2}`, message(`${n}`))] as const);
  const told = await tell([...many, [0, { type: 'tool-result', toolCallId: 'c0', output: message('38') }]]);
  expect(told.length).toBeGreaterThan(6);
  expect(told.length).toBeLessThan(13);
});

test('progress whose call fails, or whose stream ends, is told before that', async () => {
  const told = await tell([
    [0, progress('c1', message('a'))],
    [0, progress('c2', message('b'))],
    [0, { type: 'tool-error', toolCallId: 'c1' }],
  ]);
  expect(told.map((each) => JSON.stringify(each))).toEqual([
    expect.stringContaining('"a"'),
    expect.stringContaining('tool-error'),
    expect.stringContaining('"b"'),
  ]);
});
