/** The version of this protocol. A change that breaks clients raises it. */
export const protocolVersion = 1;

/** Header names on the wire. */
export const headers = {
  idempotencyKey: 'idempotency-key',
  lastEventId: 'last-event-id',
  /** Of a stream: its longest silence in milliseconds, if it is another than `times.keepaliveMs`. */
  keepalive: 'heddle-keepalive',
} as const;

/** Times that server and client must agree on, in milliseconds. */
export const times = {
  /** A stream that has been silent for this long gets a comment. */
  keepaliveMs: 15_000,
  /** How long a client waits before it reconnects, unless the server sends another time. */
  retryMs: 1_000,
} as const;

/** The form of session ids. They are URL-safe. The server mints ids of 22 characters from 128 random bits. */
export const sessionPattern: RegExp = /^[A-Za-z0-9_-]{1,64}$/;
