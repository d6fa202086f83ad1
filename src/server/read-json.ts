import { RefusalError } from '../protocol/index.ts';
import { depthOf, isRecord, maxJsonDepth } from '../protocol/internal.ts';
import type { ServerRequest } from './server-request.ts';

export interface ReadJsonOptions {
  /** The longest body, in bytes. @default 1 MiB */
  readonly limit?: number;
  /** Content types that are accepted beside `application/json`. */
  readonly types?: readonly string[];
  /** The deepest nesting. @default 64 */
  readonly depth?: number;
}

/** Refuses a body that is no JSON in UTF-8, or nests too deep. */
export class UnreadableError extends RefusalError {
  constructor(detail: string) {
    super('malformed', detail);
  }
}

/** The longest body, in bytes. */
const maxBody = 1024 * 1024;

/**
 * Reads a body that is a JSON object. An empty body is an empty object. Throws a RefusalError:
 * `unsupported_type`, `too_large` (over the limit), or `malformed` (also if it nests too deep).
 */
export async function readJson(
  request: ServerRequest,
  { limit = maxBody, types = [], depth = maxJsonDepth }: ReadJsonOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const type = request.header('content-type');
  const isJson = type !== undefined && isOneOf(['application/json', ...types], type);
  // Forms of other sites can send bodies of other types. A missing type is only allowed without a body.
  if (type !== undefined && !isJson) throw new RefusalError('unsupported_type');
  const encoding = request.header('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity')
    throw new RefusalError(
      'unsupported_type',
      'The body has a Content-Encoding, and none is accepted: send it without one.',
    );
  const bytes = await request.body(limit);
  if (bytes.length === 0) return {};
  if (!isJson) throw new RefusalError('unsupported_type');
  const value = parse(bytes, depth);
  if (!isRecord(value)) throw new RefusalError('malformed', 'The body must be a JSON object.');
  return value;
}

function isOneOf(types: readonly string[], header: string): boolean {
  return types.includes(header.split(';', 1)[0]?.trim().toLowerCase() ?? '');
}

function parse(bytes: Uint8Array, maxDepth: number): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableError('The body is not UTF-8.');
  }
  if (depthOf(text) > maxDepth) throw new UnreadableError(`The body nests deeper than ${maxDepth} levels.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableError('The body is not JSON.');
  }
}
