/** An event stream in chunks, with what a correct parser must find in it. */
export interface Fixture {
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
  readonly bytes: number;
  readonly events: number;
  /** The length of all data together. It shows whether a parser loses text. */
  readonly dataLength: number;
}

/** The events of a whole stream, before it is cut into chunks. */
export type Stream = readonly { readonly event?: string; readonly id?: string; readonly data: string }[];

const english =
  'The heddle lifts every second thread so that the shuttle can pass between them and the cloth grows line by line ' +
  'while nobody has to count. A loom is patient: it keeps its place, and whoever comes back finds the pattern whole.';
const chinese =
  '综线每隔一根提起一次,梭子从中间穿过,布就一行一行地长出来,谁也不必去数。织机很有耐心,它记得自己的位置。';

const tokens = english.split(/(?= )/);

/** Returns deltas with an event name, as Anthropic's API sends them. */
export function namedDeltas(count: number): Stream {
  return times(count, (i) => ({
    event: 'content_block_delta',
    data: JSON.stringify({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: tokens[i % tokens.length] },
    }),
  }));
}

/** Returns deltas with data alone, as OpenAI's API sends them, shortened to about 100 bytes. */
export function plainDeltas(count: number): Stream {
  return times(count, (i) => ({
    data: JSON.stringify({
      id: 'chatcmpl-7f3a9c',
      choices: [{ index: 0, delta: { content: tokens[i % tokens.length] }, finish_reason: null }],
    }),
  }));
}

/** Returns deltas with a name and an id, as Heddle sends them. */
export function identifiedDeltas(count: number): Stream {
  return times(count, (i) => ({
    event: 'content',
    id: `${i + 1}-k3x9qz`,
    data: JSON.stringify({ type: 'content', message: 'm1', part: 0, text: tokens[i % tokens.length] }),
  }));
}

/** Returns deltas with Chinese text, a few characters each. */
export function chineseDeltas(count: number): Stream {
  return times(count, (i) => ({
    event: 'content_block_delta',
    data: JSON.stringify({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: chinese.slice(i % 40, (i % 40) + 6) },
    }),
  }));
}

/** Returns large JSON events of about `bytes` bytes. */
export function largeEvents(bytes: number, count: number, text = english): Stream {
  const part = new TextEncoder().encode(JSON.stringify(text)).length + 1;
  const document = JSON.stringify({ parts: times(Math.ceil(bytes / part), () => text) });
  return times(count, () => ({ event: 'result', data: document }));
}

/** Cuts a stream into one chunk for each event, or into chunks of `size` bytes. */
export function cut(name: string, stream: Stream, size: 'event' | number): Fixture {
  const encoder = new TextEncoder();
  const events = stream.map((event) => encoder.encode(write(event)));
  const bytes = events.reduce((sum, event) => sum + event.length, 0);
  const dataLength = stream.reduce((sum, event) => sum + event.data.length, 0);
  const chunks = size === 'event' ? events : slices(concatenate(events, bytes), size);
  return { name, chunks, bytes, events: stream.length, dataLength };
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

// The encoder under test does not write the fixtures.
function write({ event, id, data }: Stream[number]): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}

function concatenate(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// Chunks are copies, as the reads of a socket are. No chunk shares memory with the next.
function slices(whole: Uint8Array, size: number): Uint8Array[] {
  return times(Math.ceil(whole.length / size), (i) => whole.slice(i * size, (i + 1) * size));
}
