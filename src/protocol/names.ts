/** The version of this contract; a change that breaks clients raises it. */
export const protocolVersion = 1;

/** Names on the wire, each in one place. */
export const headers = {
  idempotencyKey: 'idempotency-key',
  lastEventId: 'last-event-id',
} as const;

/** Times that both ends must agree on, in milliseconds. */
export const times = {
  /** A stream that has been silent this long gets a comment. */
  keepaliveMs: 15_000,
  /** What a client waits before it comes back, unless told otherwise. */
  retryMs: 1_000,
} as const;

/** Session ids: URL-safe, 22 characters of 128 random bits where the server mints them. */
export const sessionPattern: RegExp = /^[A-Za-z0-9_-]{1,64}$/;
