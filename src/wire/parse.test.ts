import { expect, test } from 'vitest';
import { parse, parseBatches } from './parse.ts';
import { createParserStream } from './parser-stream.ts';

const encoder = new TextEncoder();

async function* chunksOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield encoder.encode(text);
}

function streamOf(...texts: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(encoder.encode(text));
      controller.close();
    },
  });
}

/** Creates a source that yields these texts and then waits for ever. `stopped` is true after a cancel. */
function endless(...texts: readonly string[]) {
  const state = { stopped: false };
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const text of texts) controller.enqueue(encoder.encode(text));
    },
    cancel() {
      state.stopped = true;
    },
  });
  return { stream, state };
}

test('parse iterates over any kind of source, frame by frame', async () => {
  const texts = ['data: a\n\nda', 'ta: b\n\ndata: c', '\n\ndata: lost'];
  for (const source of [
    chunksOf(...texts),
    streamOf(...texts),
    new Response(texts.join('')).body ?? streamOf(),
  ]) {
    const data: string[] = [];
    for await (const frame of parse(source)) data.push(frame.data);
    expect(data).toEqual(['a', 'b', 'c']);
  }
});

test('batches are the frames that a chunk completes, and never empty', async () => {
  const batches: string[][] = [];
  for await (const batch of parseBatches(chunksOf('data: a\n\ndata: b\n\nda', 'ta', ': c\n\n'))) {
    batches.push(batch.map((frame) => frame.data));
  }
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('parse takes the callbacks and limits of the parser', async () => {
  const comments: string[] = [];
  const data: string[] = [];
  const source = chunksOf(': hi\ndata: a\n\ndata: 12345\n\n');
  const reading = (async () => {
    const options = { maxEventBytes: 4, onComment: (text: string) => void comments.push(text) };
    for await (const frame of parse(source, options)) data.push(frame.data);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'event_too_large' });
  expect({ comments, data }).toEqual({ comments: [' hi'], data: ['a'] });
});

test('leaving the loop cancels the source', async () => {
  const { stream, state } = endless('data: a\n\n');
  for await (const frame of parse(stream)) {
    expect(frame.data).toBe('a');
    break;
  }
  expect(state.stopped).toBe(true);
});

test('an abort of the source ends a waiting iteration with its reason', async () => {
  const abort = new AbortController();
  const { stream } = endless('data: a\n\n');
  const source = stream.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal: abort.signal });
  const data: string[] = [];
  const reading = (async () => {
    for await (const frame of parse(source)) {
      data.push(frame.data);
      setImmediate(() => abort.abort(new Error('enough')));
    }
  })();
  await expect(reading).rejects.toThrow('enough');
  expect(data).toEqual(['a']);
});

test('the error of a source is the error of the iteration', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield encoder.encode('data: a\n\n');
    throw new Error('the line was cut');
  }
  const batches = parseBatches(failing());
  await expect(batches.next()).resolves.toMatchObject({ value: [{ data: 'a' }] });
  await expect(batches.next()).rejects.toThrow('the line was cut');
});

test('a transform stream turns chunks into frames', async () => {
  const data: string[] = [];
  for await (const frame of streamOf('data: a\n\nda', 'ta: b\n\n').pipeThrough(createParserStream())) {
    data.push(frame.data);
  }
  expect(data).toEqual(['a', 'b']);
});

test('an exceeded limit errors the transform stream', async () => {
  const frames = streamOf('data: 12345\n\n').pipeThrough(createParserStream({ maxEventBytes: 4 }));
  await expect(frames.getReader().read()).rejects.toMatchObject({ code: 'event_too_large' });
});
