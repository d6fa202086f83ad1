import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createParser } from './parser.ts';

interface WireCase {
  readonly name: string;
  readonly encoding: 'utf8' | 'base64';
  readonly chunks: readonly string[];
  readonly expected: readonly {
    readonly data: string;
    readonly event?: string;
    readonly id?: string;
    readonly ownId?: string;
  }[];
  readonly expectedRetry: number | null;
  readonly expectedLastEventId: string;
  readonly expectedComments: readonly string[];
}

const cases: readonly WireCase[] = JSON.parse(
  readFileSync(new URL('./wire-cases.json', import.meta.url), 'utf8'),
);

function read(chunks: Iterable<Uint8Array | string>, { expected }: WireCase) {
  const frames: object[] = [];
  const ownIds: (string | undefined)[] = [];
  const comments: string[] = [];
  let retry: number | null = null;
  let ownId: string | undefined;
  const parser = createParser({
    onFrame: (frame) => {
      // onId also reports ids of blocks without data, so only frames with an id of their own are compared.
      ownIds.push(expected[frames.length]?.ownId === undefined ? undefined : ownId);
      frames.push({ ...frame });
      ownId = undefined;
    },
    onComment: (text) => void comments.push(text),
    onRetry: (ms) => void (retry = ms),
    onId: (id) => void (ownId = id),
  });
  for (const chunk of chunks) {
    parser.push(chunk);
  }
  return { frames, ownIds, comments, retry, lastEventId: parser.lastEventId };
}

function expectedOf(one: WireCase) {
  return {
    frames: one.expected.map(({ data, event = 'message', id = '' }) => ({ event, data, id })),
    ownIds: one.expected.map(({ ownId }) => ownId),
    comments: one.expectedComments,
    retry: one.expectedRetry,
    lastEventId: one.expectedLastEventId,
  };
}

for (const one of cases) {
  const chunks = one.chunks.map((chunk) => new Uint8Array(Buffer.from(chunk, one.encoding)));
  const joined = new Uint8Array(Buffer.concat(chunks));
  const expected = expectedOf(one);
  test(`${one.name} is parsed the same for any cuts`, () => {
    expect(read(chunks, one)).toEqual(expected);
    expect(read([joined], one)).toEqual(expected);
    expect(
      read(
        Array.from(joined, (byte) => Uint8Array.of(byte)),
        one,
      ),
    ).toEqual(expected);
    for (let at = 1; at < joined.length; at++) {
      expect(read([joined.subarray(0, at), joined.subarray(at)], one), `split at ${at}`).toEqual(expected);
    }
    if (one.encoding === 'utf8') {
      expect(read(one.chunks, one)).toEqual(expected);
      expect(read([one.chunks.join('')], one)).toEqual(expected);
    }
  });
}
