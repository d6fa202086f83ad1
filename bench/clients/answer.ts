import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Seen, Step } from '../../src/client/scripted-server.fixture.ts';
import { after, toBytes } from './recording.ts';

/** The server's response to one request. */
export type Answer =
  | {
      readonly type: 'stream';
      readonly bytes: string | Uint8Array;
      readonly end: End;
      /** How many bytes are written at a time. @default all */
      readonly chunk?: number;
    }
  /** Sends the events after the id of the request. */
  | {
      readonly type: 'rest';
      /** The most events that are sent. @default all */
      readonly count?: number;
      readonly end: End;
    }
  | {
      readonly type: 'page';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Closes the connection without a response. */
  | { readonly type: 'none' };

/** The end after the last byte of a stream: a clean end, a reset, or silence. */
type End = 'end' | 'reset' | 'hold';

/**
 * The `retry` of the streams. It is short, so that clients do not wait long in faults that are not about
 * waiting.
 */
export const retryMs = 100;

/** Returns the step that responds to a request with an answer. */
export function toStep(answer: Answer): Step {
  return (response, request) => {
    switch (answer.type) {
      case 'none':
        response.socket?.end();
        return;
      case 'page':
        response.writeHead(answer.status, { 'content-type': 'text/html', ...answer.headers });
        response.end(answer.body);
        return;
      case 'rest': {
        const bytes = toBytes(after(toLastEventId(request)).slice(0, answer.count), retryMs);
        void writeStream(response, bytes, answer.end);
        return;
      }
      case 'stream':
        void writeStream(response, Buffer.from(answer.bytes), answer.end, answer.chunk);
    }
  };
}

/**
 * Returns the `Last-Event-ID` header as text. The header is UTF-8, and Node makes a character of each byte.
 */
export function toLastEventId({ headers }: Seen): string | undefined {
  const header = headers['last-event-id'];
  return header === undefined ? undefined : Buffer.from(String(header), 'latin1').toString();
}

async function writeStream(
  response: Parameters<Step>[0],
  bytes: Uint8Array,
  end: End,
  chunk = bytes.length,
): Promise<void> {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (let at = 0; at < bytes.length; at += chunk) {
    // A reset discards the bytes that the kernel still holds, so each piece must have been sent before.
    await new Promise((resolve) => response.write(bytes.subarray(at, at + chunk), resolve));
    await nextTurn();
  }
  if (end === 'reset') response.socket?.resetAndDestroy();
  if (end === 'end') response.end();
}
