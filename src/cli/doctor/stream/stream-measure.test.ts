import { expect, test } from 'vitest';
import { judgeBlocks } from '../checks/blocks.ts';
import { judgeCompression } from '../checks/compression.ts';
import { judgeStream, judgeTwice } from './judge-stream.ts';
import { toDelivery } from './stream-measure.ts';
import type { StreamMeasure } from './stream-measure.ts';

/** A stream of frames of 100 bytes, sent every 100 ms. `arrive` returns when the frame sent then comes. */
function measure(
  arrive: (sentMs: number) => number,
  more: Partial<StreamMeasure> & { readonly toBytes?: (bytes: number) => number } = {},
): StreamMeasure {
  const { toBytes = (bytes: number) => bytes, ...rest } = more;
  const frames = Array.from({ length: 21 }, (_, index) => index * 100).map((sentMs) => ({
    sentMs,
    atMs: arrive(sentMs),
    stallMs: 0,
    bytes: toBytes(sentMs + 100),
  }));
  return {
    plan: { count: 20, gapMs: 100 },
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    headersMs: 8,
    frames,
    end: 'clean',
    endMs: 2_010,
    told: {},
    ...rest,
  };
}

test('frames that come when they are sent are no fault', () => {
  const found = judgeStream(measure((sentMs) => sentMs + 10 + (sentMs % 300 === 0 ? 2 : 0)));
  expect(found).toMatchObject({
    state: 'ok',
    says: '20 frames at once, headers after 8 ms, 2 ms late',
    measured: { frames: 21, headersMs: 8, firstMs: 12, delivery: { type: 'at once', lateMs: 2 } },
  });
});

test('a server that was busy is no fault of the network', () => {
  // It sent a third of its frames together with the next one.
  const busy = measure((sentMs) => sentMs + 5);
  const frames = busy.frames.map((frame, index) =>
    index % 3 === 1 ? { ...frame, sentMs: frame.sentMs + 99, atMs: frame.atMs + 99 } : frame,
  );
  expect(judgeStream({ ...busy, frames }).state).toBe('ok');
});

test('a doctor that was busy itself tells no fault', () => {
  const sent = measure((sentMs) => sentMs + 5);
  // It read every fourth frame 100 ms late, together with the next one.
  const stalled = sent.frames.map((frame, index) =>
    index % 4 === 1 || index % 4 === 2
      ? { ...frame, atMs: Math.ceil(index / 4) * 400 - 195, stallMs: 100 }
      : frame,
  );
  expect(judgeStream({ ...sent, frames: stalled })).toMatchObject({ state: 'ok' });
  const all = sent.frames.map((frame) => ({ ...frame, atMs: frame.atMs + 200, stallMs: 200 }));
  expect(judgeStream({ ...sent, frames: all }).says).toContain('too busy');
});

test('frames that come at the end are held', () => {
  const found = judgeStream(measure((sentMs) => 2_000 + sentMs / 100));
  expect(found).toMatchObject({ state: 'bad', fault: 'held' });
  expect(found.says).toContain('all 21 frames after 2 s');
});

test.each([200, 500, 900])('frames that come every %d ms are clumped', (periodMs) => {
  const delivery = toDelivery(measure((sentMs) => Math.ceil(sentMs / periodMs) * periodMs + 3));
  expect(delivery).toMatchObject({ type: 'bursts', periodMs });
});

test('every second frame 200 ms late, as HAProxy sends them by itself, is a fault', () => {
  const late = measure((sentMs) => sentMs + (sentMs % 200 === 0 ? 200 : 100));
  expect(judgeStream(late)).toMatchObject({ state: 'bad', fault: 'clumped' });
});

test('a network that is slow by the same time for each frame is no fault, unless it is slower than a second', () => {
  expect(judgeStream(measure((sentMs) => sentMs + 700)).state).toBe('ok');
  expect(judgeStream(measure((sentMs) => sentMs + 1_200))).toMatchObject({ state: 'bad', fault: 'late' });
});

test('some frames that come late are told', () => {
  const uneven = measure((sentMs) => sentMs + (sentMs < 600 ? 0 : sentMs * 0.2));
  expect(judgeStream(uneven)).toMatchObject({ state: 'warn', fault: 'late' });
});

test.each([
  [1024, 256],
  [2048, 512],
  [4096, 1024],
])('whole blocks of %d bytes are told by their size', (block, frame) => {
  const perBlock = block / frame;
  const found = judgeBlocks(
    measure((sentMs) => Math.ceil((sentMs / 100 + 1) / perBlock) * perBlock * 100, {
      toBytes: (bytes) => Math.ceil(bytes / 100 / perBlock) * block,
    }),
  );
  expect(found).toMatchObject({ state: 'bad', fault: 'blocks', measured: { block } });
});

test('lumps without a fixed size are no blocks', () => {
  const found = judgeBlocks(measure((sentMs) => Math.ceil(sentMs / 400) * 400));
  expect(found).toMatchObject({ state: 'bad', fault: 'clumped' });
});

test('frames that are missing or came twice are told, with how the stream ended', () => {
  const whole = measure((sentMs) => sentMs);
  const broken = { ...whole, frames: whole.frames.slice(0, 7), endMs: 700 };
  expect(judgeStream({ ...broken, end: 'cut' }).says).toBe(
    'the stream was cut after 700 ms, with 7 of 21 frames',
  );
  expect(judgeStream({ ...broken, end: 'late' }).says).toContain('fell silent');
  expect(judgeStream({ ...whole, frames: [...whole.frames, ...whole.frames] }).fault).toBe('repeated');
});

test('a content type that was changed or lost is a fault of its own', () => {
  const held = measure(() => 2_000, { headers: { 'content-type': 'text/html' } });
  expect(judgeStream(held, 'of a POST: ')).toMatchObject({
    fault: 'content-type',
    says: 'of a POST: the stream comes as text/html, not as text/event-stream',
  });
  expect(judgeStream({ ...held, headers: {} }).says).toBe('the stream comes without its content-type');
  expect(judgeStream({ ...held, status: 504 }).says).toContain('status 504');
});

test('compression in time is told, and compression that holds back is a fault', () => {
  const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'br' };
  expect(judgeCompression(measure((sentMs) => sentMs, { headers }))).toMatchObject({ fault: 'compressed' });
  expect(judgeCompression(measure(() => 2_000, { headers }))).toMatchObject({
    state: 'bad',
    fault: 'compression',
    measured: { encoding: 'br' },
  });
  const identity = { ...headers, 'content-encoding': 'identity' };
  expect(judgeCompression(measure((sentMs) => sentMs, { headers: identity })).state).toBe('ok');
});

test('a fault of time must be there twice', async () => {
  const clumped = { state: 'bad', fault: 'clumped', says: '' } as const;
  const fine = { state: 'ok', says: '' } as const;
  expect(await judgeTwice(async (attempt) => (attempt === 1 ? clumped : fine))).toBe(fine);
  expect(await judgeTwice(async (attempt) => (attempt === 1 ? fine : clumped))).toBe(fine);
});
