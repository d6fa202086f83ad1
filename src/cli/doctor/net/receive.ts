import type { Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { watchStalls } from './stall-watch.ts';
import type { DoctorResponse } from './doctor-request.ts';

/** The encodings of bodies that the doctor reads. */
export const readableEncodings: string = [
  'gzip',
  'br',
  ...('createZstdDecompress' in zlib ? ['zstd'] : []),
].join(', ');

/** Some bytes of a body, and when they came, in milliseconds since the request. */
interface TimedBytes {
  readonly atMs: number;
  /** They may have come so much earlier, because this process was busy. */
  readonly stallMs: number;
  readonly bytes: Buffer;
}

export interface ReceivedBody {
  readonly chunks: readonly TimedBytes[];
  /**
   * `clean` and `cut` by the other side, `left` because it was enough or too much, `late` because the time
   * was over.
   */
  readonly end: 'clean' | 'cut' | 'left' | 'late';
  readonly endMs: number;
}

/** The most bytes of a body that are kept, after decompression. A server may send without end. */
const maxBytes = 8 * 1024 * 1024;

interface ReceiveOptions {
  /** How long the body may take, in milliseconds. */
  readonly withinMs: number;
  /** Returns whether no more is needed. Called with each piece. */
  readonly isEnough?: (bytes: Buffer, count: number) => boolean;
}

/** Reads a body, and notes when its bytes come. It is decompressed on the way. Never rejects. */
export function receive(
  response: DoctorResponse,
  { withinMs, isEnough = () => false }: ReceiveOptions,
): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const chunks: TimedBytes[] = [];
    let isOver = false;
    let held = 0;
    const since = (): number => performance.now() - response.startedAt;
    const { body } = response;
    const plain = decompress(body, response.headers['content-encoding']);
    const loop = watchStalls();
    const finish = (end: ReceivedBody['end']): void => {
      if (isOver) return;
      isOver = true;
      loop.stop();
      clearTimeout(timer);
      resolve({ chunks, end, endMs: since() });
      response.leave();
      // A decoder goes on with what it has, and a small piece may become a large one.
      if (plain !== body) plain.destroy();
    };
    const timer = setTimeout(() => finish('late'), withinMs);
    const over = (): void => finish(response.isCut() ? 'cut' : 'clean');
    plain.on('data', (bytes: Buffer) => {
      if (isOver) return;
      chunks.push({ atMs: since(), stallMs: loop.stallMs(), bytes });
      held += bytes.length;
      if (isEnough(bytes, chunks.length) || held > maxBytes) finish('left');
    });
    // A body that broke off may still emit 'end' over HTTP/2; only 'close' knows.
    plain.on('end', () => (body.closed ? over() : body.once('close', over)));
    for (const each of new Set([body, plain])) each.on('error', () => finish('cut'));
    body.on('close', () => {
      if (response.isCut()) finish('cut');
    });
  });
}

function decompress(body: Readable, encoding: string | undefined): Readable {
  const stream = toDecoder(encoding?.trim().toLowerCase());
  if (stream === undefined) return body;
  body.on('error', () => stream.destroy());
  return body.pipe(stream);
}

function toDecoder(encoding: string | undefined): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'deflate') return zlib.createUnzip();
  if (encoding === 'br') return zlib.createBrotliDecompress();
  if (encoding === 'zstd' && 'createZstdDecompress' in zlib) return zlib.createZstdDecompress();
  return undefined;
}

/** Returns the text of a body. */
export function toBodyText({ chunks }: ReceivedBody): string {
  return Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('utf8');
}
