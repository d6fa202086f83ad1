import { toRetryAfterMs } from '../../protocol/internal.ts';
import type { NoticeRequest } from '../../dialects/index.ts';
import type { Sign } from './signatures.ts';
import { AddressRefusedError } from './webhook-fetch.ts';
import type { WebhookAnswer } from './webhook-fetch.ts';
import type { WebhookSettings } from './webhook-options.ts';
import type { WebhookUrl } from './webhook-urls.ts';

/**
 * How a try ended. `failed`: another one may succeed, `afterMs` milliseconds later at the earliest.
 * `refused`: no other one would. `gone`: the receiver wants no further notices. `stopped`: this node shuts
 * down, or lost the lease.
 */
export type TryResult =
  | { readonly type: 'delivered' | 'stopped' }
  | { readonly type: 'failed'; readonly why: string; readonly afterMs?: number }
  | { readonly type: 'refused' | 'gone'; readonly why: string };

export interface TryOptions extends Pick<WebhookSettings, 'fetch' | 'timeoutMs'> {
  readonly sign: Sign;
  readonly url: WebhookUrl;
  /** The unique id of the notice. It is the same for each try. */
  readonly id: string;
  readonly request: NoticeRequest;
  /** Aborted when this node must stop. */
  readonly signal: AbortSignal;
}

const maxBody = 1024 * 1024;
/** The longest wait that a receiver can ask for, in milliseconds. */
const maxAfterMs = 3_600_000;
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** Sends a notice once. Never rejects. */
export async function tryNotice(options: TryOptions): Promise<TryResult> {
  const { fetch, timeoutMs, sign, url, id, request, signal } = options;
  const body = JSON.stringify(request.body);
  if (body.length > maxBody) return { type: 'refused', why: 'the notice is longer than 1 MiB' };
  const seconds = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'heddle',
    ...request.headers,
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': await sign(id, seconds, body),
  };
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url.href, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.any([signal, limit]),
      isTrusted: url.isTrusted,
    });
    return judge(answer);
  } catch (error) {
    if (signal.aborted) return { type: 'stopped' };
    if (limit.aborted) return { type: 'failed', why: `no response in ${timeoutMs} ms` };
    if (isAddressRefused(error)) return { type: 'refused', why: 'its address is not public' };
    return { type: 'failed', why: toReason(error) };
  }
}

function judge({ status, headers }: WebhookAnswer): TryResult {
  if (status >= 200 && status < 300) return { type: 'delivered' };
  const why = `status ${status}`;
  if (status === 410) return { type: 'gone', why };
  if (status < 500 && !passing.has(status)) return { type: 'refused', why };
  const afterMs = toRetryAfterMs(headers.get('retry-after'), Date.now());
  return { type: 'failed', why, ...(afterMs !== undefined && { afterMs: Math.min(afterMs, maxAfterMs) }) };
}

/** The class may be another copy's. */
function isAddressRefused(error: unknown): boolean {
  return (
    error instanceof AddressRefusedError || (error instanceof Error && error.name === 'AddressRefusedError')
  );
}

/** Returns the code of a connection's error. Its message may have the whole URL. */
function toReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'the connection failed';
}
