import { createFailure } from '../../kit/index.ts';
import type { RemoteResponse } from './remote-fetch.ts';

/** Yields the chunks of a body. A body that breaks off throws `upstream_broken`. Leaving the loop cancels it. */
export async function* toBodyChunks({ body }: RemoteResponse): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw createFailure('upstream_broken', error);
      });
      if (done) return;
      if (value !== undefined) yield value;
    }
  } finally {
    // Not awaited: some bodies resolve this only when the connection has ended.
    void reader.cancel().catch(() => {});
  }
}
