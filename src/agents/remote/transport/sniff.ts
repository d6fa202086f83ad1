import type { BodyKind } from '../remote-format.ts';

/** Finds out of a body what it is, by its first bytes. `rest` has the whole body. */
export async function sniff(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<{ readonly kind: BodyKind; readonly rest: AsyncIterable<Uint8Array> }> {
  const decoder = new TextDecoder();
  const first: Uint8Array[] = [];
  let start = '';
  // The longest name of a field is `event:`.
  while (start.trimStart().length < 6) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    first.push(value);
    start += decoder.decode(value, { stream: true });
  }
  const kind = /^\s*(data|event|id|retry)?:/.test(start) ? 'events' : /^\s*\{/.test(start) ? 'lines' : 'text';
  return { kind, rest: chain(first, chunks) };
}

async function* chain(
  first: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
