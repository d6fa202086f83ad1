import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

interface WrittenChunk {
  readonly chunk: string | Uint8Array;
  readonly encoding: BufferEncoding;
}

/**
 * A connection as the HTTP server sees it. It stands between the server and the client's socket, so that a
 * stream can take the socket away from the server (`release`). The server reads every request and no byte is
 * changed on its way: HTTP is parsed by Node alone.
 */
export class HttpConnection extends Duplex {
  /** The response to the request that the server has read last. */
  latest: ServerResponse | undefined;
  #socket: Socket | undefined;
  readonly #onRelease: (socket: Socket) => void;

  /** `onRelease` receives the socket when a stream takes it. */
  constructor(socket: Socket, onRelease: (socket: Socket) => void) {
    super({ allowHalfOpen: true, decodeStrings: false });
    this.#socket = socket;
    this.#onRelease = onRelease;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('timeout', this.#onTimeout);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** The client's socket, while no stream has taken it. */
  get socket(): Socket | undefined {
    return this.#socket;
  }

  /**
   * Gives the socket away. The socket has all bytes that were written to this connection. Bytes that are
   * written to it from now on are lost.
   */
  release(): Socket | undefined {
    const socket = this.#socket;
    if (socket === undefined) return undefined;
    this.#leave(socket);
    socket.setTimeout(0);
    this.#onRelease(socket);
    return socket;
  }

  // The HTTP server and its callers use these members of a socket besides those of a Duplex.
  get remoteAddress(): string | undefined {
    return this.#socket?.remoteAddress;
  }
  get remotePort(): number | undefined {
    return this.#socket?.remotePort;
  }
  get localAddress(): string | undefined {
    return this.#socket?.localAddress;
  }
  get localPort(): number | undefined {
    return this.#socket?.localPort;
  }
  setTimeout(ms: number, onTimeout?: () => void): this {
    this.#socket?.setTimeout(ms);
    if (onTimeout !== undefined) this.once('timeout', onTimeout);
    return this;
  }
  setNoDelay(on?: boolean): this {
    this.#socket?.setNoDelay(on);
    return this;
  }
  setKeepAlive(on?: boolean, ms?: number): this {
    this.#socket?.setKeepAlive(on, ms);
    return this;
  }
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  override _read(): void {
    this.#socket?.resume();
  }

  // Each chunk goes to the socket at once, so that a stream can write to the socket right behind it. `done`
  // waits for a slow client.
  override _write(chunk: WrittenChunk['chunk'], encoding: BufferEncoding, done: () => void): void {
    if (this.#socket === undefined || writeTo(this.#socket, { chunk, encoding })) done();
    else this.#socket.once('drain', done);
  }

  override _writev(chunks: WrittenChunk[], done: () => void): void {
    const socket = this.#socket;
    if (socket === undefined) return done();
    // One packet, as the server meant it.
    socket.cork();
    let hasRoom = true;
    for (const each of chunks) hasRoom = writeTo(socket, each);
    socket.uncork();
    if (hasRoom) done();
    else socket.once('drain', done);
  }

  override _final(done: () => void): void {
    if (this.#socket === undefined) done();
    else this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const socket = this.#socket;
    if (socket !== undefined) {
      this.#leave(socket);
      socket.destroy();
    }
    done(error);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (!this.push(bytes)) this.#socket?.pause();
  };
  readonly #onEnd = (): void => void this.push(null);
  readonly #onTimeout = (): void => void this.emit('timeout');
  readonly #onError = (error: Error): void => void this.destroy(error);
  readonly #onClose = (): void => void this.destroy();

  #leave(socket: Socket): void {
    this.#socket = undefined;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('timeout', this.#onTimeout);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    socket.on('error', ignore);
  }
}

/**
 * Returns the client's socket behind the socket of a response. A response behind an earlier one has none yet.
 */
export function toSocket(socket: Socket | null): Socket | undefined {
  const connection: unknown = socket;
  return connection instanceof HttpConnection ? connection.socket : (socket ?? undefined);
}

function writeTo(socket: Socket, { chunk, encoding }: WrittenChunk): boolean {
  return typeof chunk === 'string' ? socket.write(chunk, encoding) : socket.write(chunk);
}

function ignore(): void {}
