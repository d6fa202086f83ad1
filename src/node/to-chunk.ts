/** A chunk of a body in chunked encoding (RFC 9112, section 7.1), as a socket takes it fastest. */
export interface Chunk {
  readonly data: string | Buffer;
  /** What a text is written as; without meaning for bytes. */
  readonly encoding: 'latin1' | 'utf8';
}

/** Bytes up to which a text goes through libuv's own memory on its way to the kernel. A longer one would be copied for each socket. */
const maxText = 16 * 1024;

let lastText: string | undefined;
let lastChunk: Chunk = { data: '', encoding: 'latin1' };

/**
 * Frames a text that is not empty. What goes to many sockets goes to one after the other: the second one to get a text gets bytes, and so do all after it,
 * the same ones. One that goes to a single socket is fastest as the text it is.
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
