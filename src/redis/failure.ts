import { RefusalError } from '../protocol/index.ts';

/** The codes of error replies that mean a lack of room: in memory, or on the disk of the server. */
const full: ReadonlySet<string> = new Set(['OOM', 'MISCONF']);

/** Creates the refusal for a failed command. Its cause has the server's words, for the operator. */
export function toRedisRefusal(error: unknown): RefusalError {
  const refusal = new RefusalError(full.has(toRedisCode(error)) ? 'storage_full' : 'unavailable');
  refusal.cause = new Error(`Redis: ${toReason(error)}`);
  return refusal;
}

/** Returns the code that an error reply begins with, such as `OOM` or `NOSCRIPT`; empty if there is none. */
export function toRedisCode(error: unknown): string {
  return /^[A-Z]+(?= )/.exec(toReason(error))?.[0] ?? '';
}

/** Returns the message of an error. An AggregateError without a message returns those of its errors. */
export function toReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(toReason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
