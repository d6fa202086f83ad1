import { isRecord, toRetryAfterMs } from '../protocol/internal.ts';
import type { RefusalCode } from '../protocol/index.ts';
import { ClientError } from './client-error.ts';
import { parseJson } from './event-at-id.ts';
import type { FetchResponse } from './fetch-like.ts';
import type { AttemptEnd } from './attempt-end.ts';

/** The codes with which a Heddle server refuses a request for good. */
export const finalCodes: ReadonlySet<string> = new Set<RefusalCode>([
  'malformed',
  'unauthorized',
  'forbidden_host',
  'forbidden_origin',
  'not_found',
  'method_not_allowed',
  'busy',
  'too_late',
  'other_caller',
  'too_large',
  'unsupported_type',
  'key_reused',
  'queue_full',
  'too_many',
]);

/** Reads why a server refused, from its problem JSON (RFC 9457). Without it, only the status is known. */
export async function toRefusal(response: FetchResponse): Promise<AttemptEnd> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  const problem = parseJson(await response.text());
  const read = (field: string): string | undefined => {
    const value = isRecord(problem) ? problem[field] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const code = read('code') ?? 'refused';
  const isProblem = /^application\/problem\+json/i.test(type);
  const isSameStatus = isRecord(problem) && problem['status'] === status;
  const retryAfterMs = toRetryAfterMs(headers.get('retry-after'), Date.now());
  return {
    type: 'refused',
    status,
    // A network may take the content type off. The body then repeats the status.
    isOwn: finalCodes.has(code) && (isProblem || (read('title') !== undefined && isSameStatus)),
    error: new ClientError(code, read('detail') ?? read('title') ?? toWords(response), { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function toWords({ status, headers }: FetchResponse): string {
  // Browsers hide everything about a redirect except that there was one.
  if (status === 0 || (status >= 300 && status < 400))
    return `The answer is a redirect${toClause(' to', headers.get('location'))}, which is not followed.`;
  return `The answer is status ${status}${toClause(' with', headers.get('content-type'))}, and no reason known here.`;
}

function toClause(words: string, value: string | null): string {
  return value === null ? '' : `${words} ${value}`;
}
