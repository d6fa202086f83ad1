import { createParser } from '../wire/index.ts';
import { ClientError } from './client-error.ts';
import type { ByteSource } from './fetch-like.ts';

/** The content of one block of the stream: an id, an event, or both. */
export interface FrameBlock {
  readonly id?: string;
  readonly frame?: { readonly event: string; readonly data: string };
}

export interface FramesOptions {
  /** Waits for the next bytes, within their time limit. */
  readonly during: <T>(wait: Promise<T>) => Promise<T>;
  /** Called with each `retry` value of the stream, in milliseconds. */
  readonly onRetry: (ms: number) => void;
}

// Tool results may be large. A server that sends more is out of order, or hostile.
const maxEventBytes = 8 * 1024 * 1024;

/**
 * Reads the blocks of an event stream and yields all blocks of one chunk at a time. Throws a ClientError
 * `bad_response` if an event is too long.
 */
export async function* readFrames(
  body: ByteSource,
  { during, onRetry }: FramesOptions,
): AsyncGenerator<readonly FrameBlock[], void, undefined> {
  let blocks: FrameBlock[] = [];
  let id: string | undefined;
  // The parser repeats the last id with each frame. An id belongs to an event only if it was sent with it.
  const take = (frame?: FrameBlock['frame']): void => {
    blocks.push({ ...(id !== undefined && { id }), ...(frame && { frame }) });
    id = undefined;
  };
  const onId = (next: string): void => {
    if (id !== undefined) take();
    id = next;
  };
  const parser = createParser({ onFrame: take, onId, onRetry, maxEventBytes });
  const reader = body.getReader();

  try {
    for (;;) {
      const { done, value } = await during(reader.read());
      if (done) return;
      let failure: ClientError | undefined;
      try {
        if (value !== undefined) parser.push(value);
      } catch (cause) {
        failure = new ClientError('bad_response', 'The server sent an event that is too long.', { cause });
      }
      if (id !== undefined) take();
      yield blocks;
      if (failure) throw failure;
      blocks = [];
    }
  } finally {
    // Frees the resources of the body if no signal aborts it.
    reader.cancel().catch(() => {});
  }
}
