import { describe, has } from '../../protocol/internal.ts';

/** The results that were read. Each can be read once. */
const taken = new WeakSet<object>();

/** Returns the parts of a result. Throws a TypeError if it has none, or if they were read in another turn. */
export function partsOf(result: unknown): AsyncIterable<unknown> {
  if (typeof result !== 'object' || result === null || !('fullStream' in result))
    throw new TypeError(`aiSdkAgent(factory): stream() gave ${describe(result)}, and no streams of parts.`);
  if (taken.has(result))
    throw new TypeError(
      'aiSdkAgent(factory): the factory returned the result of an earlier turn. It must call streamText() each time.',
    );
  taken.add(result);
  const parts: unknown = 'stream' in result ? result.stream : result.fullStream;
  if (isIterable(parts)) return parts;
  throw new TypeError(`aiSdkAgent(factory): the stream of a result is ${describe(parts)}.`);
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return has(value, Symbol.asyncIterator);
}
