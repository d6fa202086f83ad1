import { maxSnapshot } from '../../protocol/internal.ts';
import { jsonTextOf } from './json-text-of.ts';

/** Returns a snapshot as JSON text; undefined if it is no JSON, or longer than a turn may save. */
export function toSnapshotText(snapshot: unknown): string | undefined {
  const text = jsonTextOf(snapshot);
  return text === undefined || text.length > maxSnapshot ? undefined : text;
}
