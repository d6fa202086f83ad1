import { RefusalError } from '../protocol/index.ts';

/** Error replies that say that there is no room: of memory, or on the disk that the server saves to. */
const full: ReadonlySet<string> = new Set(['OOM', 'MISCONF']);

/** The refusal for what went wrong with a command. Its cause has the words, for whoever runs this. */
export function toRedisRefusal(error: unknown): RefusalError {
  const refusal = new RefusalError(full.has(toRedisCode(error)) ? 'storage_full' : 'unavailable');
  refusal.cause = new Error(`Redis: ${toReason(error)}`);
  return refusal;
}

/** The code that an error reply begins with, such as `OOM` or `NOSCRIPT`. */
export function toRedisCode(error: unknown): string {
  return /^[A-Z]+(?= )/.exec(toReason(error))?.[0] ?? '';
}

/** The words of an error, also of one that has them in what it was made of. */
export function toReason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(toReason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
