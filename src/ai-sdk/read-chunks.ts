import type { StreamMessage } from '../client/index.ts';

/**
 * Reads the chunks of a stream until `[DONE]`. Resolves once the first one has come, with undefined if there
 * is none. `onChunk` is called with each. Rejects with the error of the connection.
 */
export async function readChunks<Chunk>(
  messages: AsyncIterable<StreamMessage>,
  onChunk: (chunk: Chunk) => void,
): Promise<ReadableStream<Chunk> | undefined> {
  const iterator = messages[Symbol.asyncIterator]();
  const read = async (): Promise<Chunk | undefined> => {
    const { done, value } = await iterator.next();
    if (done || value.data === '[DONE]') return undefined;
    const chunk: Chunk = JSON.parse(value.data);
    onChunk(chunk);
    return chunk;
  };
  let first = await read();
  if (first === undefined) return undefined;
  return new ReadableStream<Chunk>({
    async pull(controller) {
      const chunk = first ?? (await read());
      first = undefined;
      if (chunk !== undefined) return controller.enqueue(chunk);
      controller.close();
      await iterator.return?.();
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
