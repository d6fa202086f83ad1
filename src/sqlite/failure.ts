import { isRecord } from '../protocol/internal.ts';
import type { StoreOutcome } from './calls.ts';

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html. */
const names: Readonly<Record<number, string>> = { 5: 'SQLITE_BUSY', 13: 'SQLITE_FULL', 26: 'SQLITE_NOTADB' };

/**
 * Returns the code of an error: an errno such as `ENOSPC`, or a result code of SQLite. Returns undefined for
 * any other error.
 */
export function toSqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  const result: unknown = Reflect.get(error, 'errcode');
  // The low byte of an extended code is the primary one.
  if (typeof result === 'number') return names[result & 0xff] ?? `SQLITE_${result}`;
  return typeof code === 'string' ? code : undefined;
}

/** Returns the refusal for an error that failed a transaction. */
export function toStoreRefusal(error: unknown): Extract<StoreOutcome, { readonly refused: string }> {
  const code = toSqliteCode(error);
  return {
    refused: code === 'SQLITE_FULL' || code === 'ENOSPC' ? 'storage_full' : 'unavailable',
    reason: `${error instanceof Error ? error.message : String(error)}${code === undefined ? '' : ` (${code})`}`,
  };
}

/** Returns, without its full stop, the reason why a file could not be opened. */
export function toOpenReason(error: unknown): string {
  const code = toSqliteCode(error);
  if (code === 'SQLITE_NOTADB') return 'it is not a database: name another file';
  if (code === 'SQLITE_BUSY') return 'another process holds it locked';
  return isRecord(error) || error instanceof Error ? String(Reflect.get(error, 'message')) : String(error);
}
