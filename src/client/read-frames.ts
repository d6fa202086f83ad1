import { createParser } from '../wire/index.ts';
import { ClientError } from './client-error.ts';
import type { ByteSource } from './fetch-like.ts';

/** What a block of the stream brought: an id of its own, an event, or both. */
export interface FrameBlock {
  readonly id?: string;
  readonly frame?: { readonly event: string; readonly data: string };
}

export interface FramesOptions {
  /** Waits for the next bytes for as long as they may take. */
  readonly during: <T>(wait: Promise<T>) => Promise<T>;
  /** Called with each `retry` the stream tells. */
  readonly onRetry: (ms: number) => void;
}

// Tool results may be large; beyond this a server is out of order, or hostile.
const maxEventBytes = 8 * 1024 * 1024;

/** Reads the blocks of an event stream, all of one chunk at a time; throws a ClientError `bad_response` where one is too long. */
export async function* readFrames(
  body: ByteSource,
  { during, onRetry }: FramesOptions,
): AsyncGenerator<readonly FrameBlock[], void, undefined> {
  let blocks: FrameBlock[] = [];
  let id: string | undefined;
  // The frames of a parser repeat the last id: only an id that was sent with an event is that event's.
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
    // Frees what the body stands on, where nobody aborts it.
    reader.cancel().catch(() => {});
  }
}
