import { toValueText } from '../value-text.ts';
import type { ToolStatus } from '../../protocol/index.ts';

/**
 * Returns the content of a tool's result as text. A text stays as it is, and any other value becomes JSON. A
 * result that is not `ok` is JSON of its status and its output, because a result has no other place for the
 * status.
 */
export function toToolContent(output: unknown, status: ToolStatus): string {
  if (status !== 'ok') return JSON.stringify({ status, output: output ?? null });
  return toValueText(output);
}
