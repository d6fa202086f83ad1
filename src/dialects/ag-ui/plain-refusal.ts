import type { DialectReply, Refusal } from '../dialect-reply.ts';

/** Returns a refusal as a plain sentence: `HttpAgent` shows the body of an error as it is. */
export function toPlainRefusal({ status, message }: Refusal): DialectReply {
  return { status, body: message };
}
