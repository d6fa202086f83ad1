import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer, ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { NodeListener } from './to-listener.ts';

/** A certificate chain and its private key, both as PEM. */
export interface Certificate {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
}

/** The limits of HTTP/2 that Node leaves open, or sets higher. */
const limits = {
  /** Streams of one connection at once. Node has no limit. A page with many tabs needs about twenty. */
  settings: { maxConcurrentStreams: 256 },
  /** Megabytes that one connection may occupy in this process. */
  maxSessionMemory: 10,
} as const;

/** How long a connection of HTTP/2 without an open stream may be silent, in milliseconds. */
const defaultSilentMs = 300_000;
const handshakeMs = 20_000;

/**
 * Creates a server over TLS for HTTP/2 and HTTP/1.1. Clients choose by ALPN. HTTP/1.1 has the given options
 * as without TLS: `http2.createSecureServer` cannot check timeouts of its HTTP/1.1 connections.
 */
export function createTlsServer(
  { cert, key }: Certificate,
  options: Omit<ServerOptions, 'cert' | 'key'>,
  listener: NodeListener,
  silentMs: number = defaultSilentMs,
): HttpsServer {
  const https = createHttpsServer(
    {
      ...options,
      // `node:tls` takes no other view of bytes.
      cert: Buffer.from(cert),
      key: Buffer.from(key),
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: handshakeMs,
    },
    listener,
  );
  const http2 = createSecureServer(limits, listener);
  handOver(https, http2);
  closeTogether(https, keepSessions(http2, silentMs));
  return https;
}

/** Returns the open connections of HTTP/2, and ends the silent ones. */
function keepSessions(http2: Http2SecureServer, silentMs: number): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  const streams = new WeakMap<object, number>();
  const count = (session: object, step: 1 | -1): void => {
    streams.set(session, (streams.get(session) ?? 0) + step);
  };
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(silentMs);
    session.on('timeout', () => {
      // A reply that waits for the end of a turn may be silent for long.
      if ((streams.get(session) ?? 0) > 0) session.setTimeout(silentMs);
      else session.destroy();
    });
  });
  http2.on('stream', (stream) => {
    const { session } = stream;
    if (session === undefined) return;
    count(session, 1);
    stream.once('close', () => count(session, -1));
  });
  return sessions;
}

/** Hands connections that chose HTTP/2 to the other server. */
function handOver(https: HttpsServer, http2: Http2SecureServer): void {
  const serveHttp1 = https.listeners('secureConnection');
  https.removeAllListeners('secureConnection');
  https.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.emit('secureConnection', socket);
    else for (const serve of serveHttp1) serve.call(https, socket);
  });
  // A client that breaks the protocol has closed its own connection. It is no error of this server.
  http2.on('sessionError', () => {});
}

/** Makes the methods that close connections know the ones of HTTP/2, too. */
function closeTogether(https: HttpsServer, sessions: ReadonlySet<ServerHttp2Session>): void {
  const { close, closeAllConnections } = https;
  https.close = (done) => {
    // The client is told to use no new streams of this connection (GOAWAY). It ends with its last stream.
    for (const session of sessions) session.close();
    return close.call(https, done);
  };
  https.closeAllConnections = () => {
    closeAllConnections.call(https);
    for (const session of sessions) session.destroy();
  };
}
