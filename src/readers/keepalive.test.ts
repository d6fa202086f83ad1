import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeepalive } from './keepalive.ts';
import type { KeptReader, Keepalive } from './keepalive.ts';

let keepalive: Keepalive;
beforeEach(() => {
  vi.useFakeTimers();
  keepalive = createKeepalive(800, 10_000);
});
afterEach(() => {
  keepalive.close();
  vi.useRealTimers();
});

function add(ageMs = Infinity) {
  const told = { beats: [] as number[], aged: [] as number[] };
  const stream: KeptReader = {
    spoke: keepalive.now,
    oldAt: ageMs === Infinity ? Infinity : keepalive.tickAfter(ageMs),
    slot: 0,
    beat: () => void told.beats.push(Date.now() - start),
    age: () => {
      told.aged.push(Date.now() - start);
      keepalive.delete(stream);
    },
  };
  const start = Date.now();
  keepalive.add(stream);
  return Object.assign(told, { stream });
}

test('a silent stream gets one beat per interval, wherever on the wheel it was added', () => {
  const streams: ReturnType<typeof add>[] = [];
  for (let index = 0; index < 30; index += 1) {
    streams.push(add());
    vi.advanceTimersByTime(37);
  }
  vi.advanceTimersByTime(2_500 - 30 * 37);
  for (const { beats } of streams) {
    expect(beats.length).toBeGreaterThanOrEqual(1);
    const gaps = beats.map((at, index) => at - (beats[index - 1] ?? 0));
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(800);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(700);
  }
});

test('a stream that writes gets no beat until it has been silent for an interval', () => {
  const { stream, beats } = add();
  for (let index = 0; index < 10; index += 1) {
    vi.advanceTimersByTime(500);
    stream.spoke = keepalive.now;
  }
  expect(beats).toEqual([]);
  vi.advanceTimersByTime(800);
  expect(beats).toHaveLength(1);
});

test('an old stream is ended once and on time, however often it writes', () => {
  const { stream, aged, beats } = add(3_000);
  for (let index = 0; index < 100; index += 1) {
    vi.advanceTimersByTime(50);
    stream.spoke = keepalive.now;
  }
  expect([aged.length, beats.length]).toEqual([1, 0]);
  expect(Math.abs((aged[0] ?? 0) - 3_000)).toBeLessThanOrEqual(100);
});

test('a stream that ends during its own beat or that of another gets no more beats', () => {
  const [first, second] = [add(), add()];
  first.stream.beat = () => {
    keepalive.delete(first.stream);
    keepalive.delete(second.stream);
  };
  vi.advanceTimersByTime(5_000);
  expect([first.beats, second.beats]).toEqual([[], []]);
});
