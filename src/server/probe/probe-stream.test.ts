import { expect, onTestFinished, test, vi } from 'vitest';
import type { Sink } from '../../readers/index.ts';
import { readProbeQuery } from './probe-query.ts';
import { openProbeStream } from './probe-stream.ts';

function open(query: string, sink: Partial<Sink>) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const written: string[] = [];
  const ends: string[] = [];
  const overs: string[] = [];
  const closing = new AbortController();
  openProbeStream(
    {
      query: readProbeQuery(new URLSearchParams(query)),
      told: {},
      closing: closing.signal,
      onOver: (how) => overs.push(how),
    },
    {
      held: 0,
      drained: () => {},
      ...sink,
      write: (text) => void written.push(text),
      close: (how) => void ends.push(how),
    },
  );
  return { written, ends, overs, closing };
}

test('a stream whose reader takes nothing is cut after 20 minutes', () => {
  const { ends, overs } = open('n=5', { held: Infinity });
  vi.advanceTimersByTime(20 * 60_000);
  expect(ends).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect([ends, overs]).toEqual([['cut'], ['over']]);
});

test('a reader that takes its bytes after the end gets no more', () => {
  const wakes: (() => void)[] = [];
  const { written, ends, closing } = open('n=5', {
    held: Infinity,
    drained: (wake) => void wakes.push(wake),
  });
  vi.advanceTimersByTime(1_000);
  closing.abort();
  for (const wake of wakes) wake();
  vi.advanceTimersByTime(60_000);
  expect([written.length, ends]).toEqual([1, ['end']]);
  expect(vi.getTimerCount()).toBe(0);
});

test('large frames are made of text that is there already, and no two that follow are alike', () => {
  open('n=1&gap=10&pad=65536', {});
  vi.advanceTimersByTime(10);
  const random = vi.spyOn(Math, 'random');
  onTestFinished(() => random.mockRestore());
  const { written } = open('n=200&gap=10&pad=65536&id=a', {});
  vi.advanceTimersByTime(2_000);
  expect(written).toHaveLength(201);
  expect(random).not.toHaveBeenCalled();
  const fillings = written.slice(1).map((text) => /^data: \d+ ([a-z\d]+)$/m.exec(text)?.[1] ?? '');
  expect(new Set(fillings.map(({ length }) => length))).toEqual(new Set([65_536]));
  for (const [index, text] of fillings.entries()) expect(text).not.toBe(fillings[index - 1]);
});
