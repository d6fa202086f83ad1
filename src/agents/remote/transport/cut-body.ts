import { WireError, parseBatches } from '../../../wire/index.ts';
import { createFailure } from '../../kit/index.ts';
import type { BodyKind, UpstreamFrame } from '../remote-format.ts';
import { toBodyChunks } from './body-chunks.ts';
import { readLines } from './read-lines.ts';
import type { RemoteResponse } from './remote-fetch.ts';
import { sniff } from './sniff.ts';
import { toJson } from './to-json.ts';

/** The largest data of a server-sent event, in bytes. AG-UI's snapshots of messages have several MiB. */
const maxFrameBytes = 16 * 1024 * 1024;

/** A response whose body is cut into frames. */
export interface FramedBody {
  readonly kind: BodyKind;
  readonly frames: AsyncIterable<readonly UpstreamFrame[]>;
}

/**
 * Cuts the body of a response by its content type, or by its first bytes if it has none. Throws
 * `upstream_failed` for a type that no agent sends, such as HTML.
 */
export async function cutBody(response: RemoteResponse): Promise<FramedBody> {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const chunks = toBodyChunks(response);
  if (type !== '') {
    const kind = toKind(type);
    if (kind !== undefined) return toBody(kind, chunks);
    throw createFailure('upstream_failed', new Error(`The upstream answered with ${type.slice(0, 100)}.`));
  }
  const { kind, rest } = await sniff(chunks);
  return toBody(kind, rest);
}

function toKind(type: string): BodyKind | undefined {
  if (type === 'text/event-stream') return 'events';
  if (/[/+-](json|ndjson|jsonl|json-lines|jsonlines|json-seq)$/.test(type)) return 'lines';
  return type === 'text/plain' || type === 'text/markdown' ? 'text' : undefined;
}

function toBody(kind: BodyKind, chunks: AsyncIterable<Uint8Array>): FramedBody {
  switch (kind) {
    case 'events':
      return { kind, frames: readEvents(chunks) };
    case 'lines':
      return { kind, frames: readLines(chunks) };
    case 'text':
      return { kind, frames: readText(chunks) };
  }
}

async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly UpstreamFrame[], void, undefined> {
  try {
    for await (const batch of parseBatches(chunks, { maxEventBytes: maxFrameBytes }))
      yield batch.map(({ event, data }) => ({ event, text: data, json: toJson(data) }));
  } catch (error) {
    throw error instanceof WireError ? createFailure('upstream_failed', error) : error;
  }
}

async function* readText(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly UpstreamFrame[], void, undefined> {
  const decoder = new TextDecoder();
  const toFrames = (text: string): readonly UpstreamFrame[] =>
    text === '' ? [] : [{ event: 'message', text, json: undefined }];
  for await (const chunk of chunks) yield toFrames(decoder.decode(chunk, { stream: true }));
  yield toFrames(decoder.decode());
}
