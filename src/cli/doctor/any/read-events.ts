import { createParser } from '../../../wire/index.ts';
import type { ReceivedBody } from '../net/receive.ts';

/** The events in the bytes of a stream. Times are in milliseconds since the request. */
export interface EventRecord {
  /** When the events came. */
  readonly atMs: readonly number[];
  /** When the comments came. */
  readonly commentsMs: readonly number[];
  readonly firstId: string;
  readonly lastId: string;
  readonly withId: number;
  readonly retryMs: number | undefined;
  /** Why the bytes are no event stream, if they are none. */
  readonly wrong?: string;
}

/** Reads the events of a body. */
export function readEvents({ chunks }: ReceivedBody): EventRecord {
  const atMs: number[] = [];
  const commentsMs: number[] = [];
  const ids: string[] = [];
  let retryMs: number | undefined;
  let now = 0;
  let wrong: string | undefined;
  const parser = createParser({
    onFrame: () => atMs.push(now),
    onComment: () => commentsMs.push(now),
    onId: (id) => ids.push(id),
    onRetry: (ms) => (retryMs = ms),
  });
  try {
    for (const chunk of chunks) {
      now = chunk.atMs;
      parser.push(chunk.bytes);
    }
  } catch (error) {
    wrong = error instanceof Error ? error.message : String(error);
  }
  const [firstId = ''] = ids;
  const lastId = ids.at(-1) ?? '';
  return {
    atMs,
    commentsMs,
    firstId,
    lastId,
    withId: ids.length,
    retryMs,
    ...(wrong !== undefined && { wrong }),
  };
}
