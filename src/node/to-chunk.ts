/**
 * A chunk of a body in chunked encoding (RFC 9112, section 7.1), in the form that a socket writes fastest.
 */
export interface Chunk {
  readonly data: string | Buffer;
  /** The encoding of a text; unused for bytes. */
  readonly encoding: 'latin1' | 'utf8';
}

/**
 * The longest text, in bytes, that goes through libuv's own memory to the kernel. A longer text would be
 * copied for each socket.
 */
const maxText = 16 * 1024;

let lastText: string | undefined;
let lastChunk: Chunk = { data: '', encoding: 'latin1' };

/**
 * Frames a text that is not empty. A text for many sockets goes to one socket after the other. So the second
 * call with the same text converts it to bytes, and all later calls share them. A text for a single socket is
 * fastest as text.
 */
export function toChunk(text: string): Chunk {
  if (text === lastText) {
    if (typeof lastChunk.data === 'string') lastChunk = toBytes(lastChunk);
    return lastChunk;
  }
  const length = Buffer.byteLength(text);
  const data = `${length.toString(16)}\r\n${text}\r\n`;
  lastText = text;
  lastChunk = { data, encoding: length === text.length ? 'latin1' : 'utf8' };
  if (length > maxText) lastChunk = toBytes(lastChunk);
  return lastChunk;
}

function toBytes({ data, encoding }: Chunk): Chunk {
  return { data: typeof data === 'string' ? Buffer.from(data, encoding) : data, encoding };
}
