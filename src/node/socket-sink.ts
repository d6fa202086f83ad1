import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Sink } from '../server/index.ts';
import { toChunk } from './to-chunk.ts';

/**
 * The body of a response in chunked encoding, written straight to the socket. It frames the chunks itself: a
 * response would frame them again for each reader, in two writes. Each idle stream has one, and an object of
 * a class takes a tenth of the memory of one with functions of its own.
 */
export class SocketSink implements Sink {
  readonly #socket: Socket;
  readonly #response: ServerResponse | undefined;

  /** Without a response, the stream owns its socket: the connection ends with the body. */
  constructor(socket: Socket, response?: ServerResponse) {
    this.#socket = socket;
    this.#response = response;
  }

  write(text: string): void {
    // After an `end` by other code, this text would be part of the next response.
    if (!this.#socket.writable || this.#response?.writableEnded) return;
    const { data, encoding } = toChunk(text);
    this.#socket.write(data, encoding);
  }

  get held(): number {
    // The response's own count does not include these bytes.
    return this.#socket.writableLength;
  }

  drained(wake: () => void): void {
    // An empty write calls back after all buffered bytes. A socket has no event for less than its high-water
    // mark.
    if (this.#socket.writable) this.#socket.write('', wake);
    else process.nextTick(wake);
  }

  close(how: 'end' | 'cut'): void {
    if (this.#response !== undefined) return closeResponse(this.#response, how);
    if (how === 'cut') return void this.#socket.destroy();
    if (this.#socket.writable) this.#socket.write('0\r\n\r\n', 'latin1');
    this.#socket.destroySoon();
  }
}

/** Ends a body. An error of a middleware must not end the process, because the caller may be a timer. */
export function closeResponse(response: ServerResponse, how: 'end' | 'cut'): void {
  try {
    if (how === 'end') response.end();
    else response.destroy();
  } catch {
    response.destroy();
  }
}
