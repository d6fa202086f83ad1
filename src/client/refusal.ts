import { isRecord } from '../protocol/index.ts';
import { ClientError } from './client-error.ts';
import type { FetchResponse } from './fetch-like.ts';
import type { Ended } from './ended.ts';

/** Reads why a server refused, from its problem JSON (RFC 9457) or, where it sends none, from the status alone. */
export async function toRefusal(response: FetchResponse): Promise<Ended> {
  const { status } = response;
  const problem = parseProblem(await response.text());
  const retryAfterMs = toRetryAfterMs(response.headers.get('retry-after'), Date.now());
  return {
    type: 'refused',
    status,
    error: new ClientError(
      problem.code ?? 'refused',
      problem.detail ?? problem.title ?? `The server answered with status ${status}.`,
      { status },
    ),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Reads a Retry-After header, in seconds or as a date; undefined where it is neither. */
export function toRetryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

function parseProblem(text: string): Readonly<Partial<Record<'code' | 'detail' | 'title', string>>> {
  try {
    const problem: unknown = JSON.parse(text);
    if (!isRecord(problem)) return {};
    const { code, detail, title } = problem;
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof detail === 'string' && { detail }),
      ...(typeof title === 'string' && { title }),
    };
  } catch {
    return {};
  }
}
