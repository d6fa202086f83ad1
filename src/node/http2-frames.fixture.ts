import { once } from 'node:events';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';

/** The types of frames (RFC 9113, section 6). */
export const frameTypes = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, update: 8, continuation: 9 };

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** `:authority: localhost`, by its name in the static table of HPACK (RFC 7541, appendix A). */
const authority = Buffer.concat([Buffer.from([0x01, 9]), Buffer.from('localhost')]);
/** GET https://localhost/. */
export const getRoot: Buffer = Buffer.concat([Buffer.from([0x82, 0x87, 0x84]), authority]);
/** POST https://localhost/session, with a body in JSON. */
export const postSession: Buffer = Buffer.concat([
  Buffer.from([0x83, 0x87, 0x04, 8]),
  Buffer.from('/session'),
  authority,
  Buffer.from([0x0f, 0x10, 16]),
  Buffer.from('application/json'),
]);

/** Returns the bytes of a frame. */
export function toFrame(
  type: keyof typeof frameTypes,
  flags: number,
  stream: number,
  body: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(frameTypes[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** Opens a connection of HTTP/2 that has sent its settings. The caller writes frames. */
export async function openRawConnection(port: number, ca: string): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ca, servername: 'localhost', ALPNProtocols: ['h2'] });
  // The server may reset the connection. A client that floods does not mind.
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  socket.resume();
  socket.write(preface);
  socket.write(toFrame('settings', 0, 0));
  return socket;
}
