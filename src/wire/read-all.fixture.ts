import { createParser, type Frame, type ParserOptions, WireError } from 'heddle/wire';
import type { Reading } from './spec-parser.fixture.ts';

/** Parses chunks and returns all values of the callbacks, and the error code if the parser refused. */
export function readAll(chunks: Iterable<Uint8Array | string>, options: ParserOptions = {}): Reading {
  const frames: Frame[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const parser = createParser({
    ...options,
    onFrame: (frame) => void frames.push(frame),
    onComment: (text) => void comments.push(text),
    onRetry: (ms) => void retries.push(ms),
  });
  let refused: string | undefined;
  try {
    for (const chunk of chunks) parser.push(chunk);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    refused = error.code;
  }
  return { frames, comments, retries, lastEventId: parser.lastEventId, refused };
}

/** Cuts bytes at these places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.toSorted((a, b) => a - b);
  return [0, ...sorted].map((from, i) => bytes.slice(from, sorted[i] ?? bytes.length));
}
