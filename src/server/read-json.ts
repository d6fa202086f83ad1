import { RefusalError } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { ServerRequest } from './server-request.ts';

/** How long a body may be, in bytes. */
const maxBody = 1024 * 1024;
/** How deep a body may nest. */
const maxDepth = 64;

/**
 * Reads a body that is a JSON object; an empty body is an empty object.
 * Throws a RefusalError: `unsupported_type`, `too_large` (1 MiB), `malformed` (also deeper than 64 levels).
 */
export async function readJson(request: ServerRequest): Promise<Readonly<Record<string, unknown>>> {
  const type = request.header('content-type');
  const isJson = type !== undefined && /^application\/json\s*(;|$)/i.test(type);
  // A body of another type is what forms of other sites can send; a missing type goes with a missing body only.
  if (type !== undefined && !isJson) throw new RefusalError('unsupported_type');
  const encoding = request.header('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity')
    throw new RefusalError(
      'unsupported_type',
      'The body is compressed or encoded otherwise, and is read as it is only: send it without Content-Encoding.',
    );
  const bytes = await request.body(maxBody);
  if (bytes.length === 0) return {};
  if (!isJson) throw new RefusalError('unsupported_type');
  const value = parse(bytes);
  if (!isRecord(value)) throw new RefusalError('malformed', 'The body must be a JSON object.');
  return value;
}

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RefusalError('malformed', 'The body is not UTF-8.');
  }
  if (depthOf(text) > maxDepth)
    throw new RefusalError('malformed', `The body nests deeper than ${maxDepth} levels.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusalError('malformed', 'The body is not JSON.');
  }
}

/** How deep brackets nest outside of strings. A loop, for a recursive parser would be spent by what it should refuse. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\' && inString) at += 1;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
