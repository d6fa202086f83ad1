import type { ClientError } from './client-error.ts';

/** How one attempt at a request or a stream ended. */
export type Ended =
  /** There is no more to come. */
  | { readonly type: 'over' }
  /** No answer, or any end without a terminal event. A clean end is no better: proxies and dying servers make them. */
  | { readonly type: 'lost'; readonly liveMs: number; readonly retryMs?: number; readonly error: ClientError }
  /** Entries were missing between the last one and the next. */
  | { readonly type: 'gap'; readonly error: ClientError }
  /** A status other than the one asked for. */
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly retryAfterMs?: number;
      readonly error: ClientError;
    }
  /** Trying again would not be safe, or would not help. */
  | { readonly type: 'broken'; readonly error: ClientError };

/** What is remembered between attempts. */
export interface Attempts {
  /** Failures since a stream was last good for a while. */
  readonly failed: number;
  /** Connections in a row that came upon a gap. */
  readonly gaps: number;
  /** Whether the credentials were already asked for anew. */
  readonly renewed: boolean;
  /** What the server told with `retry:`, clamped. */
  readonly retryMs?: number;
  /** When the last attempts were let go, oldest first; at most `budget.attempts` of them. */
  readonly starts: readonly number[];
}

export interface Policy {
  /** How often to try in all. Above 1 and finite: somebody waits for the answer. */
  readonly tries: number;
  /** Whether the headers are made anew for each attempt, so that a 401 may pass. */
  readonly renewable: boolean;
}

export type Next =
  | { readonly type: 'stop' }
  | { readonly type: 'wait'; readonly ms: number; readonly attempts: Attempts };

/** A stream that lived this long was good: its end starts the counting anew. */
export const goodMs = 5_000;
/** No more attempts than this in any such time, whatever chance, the server or the network do. */
export const budget = { attempts: 5, windowMs: 10_000 } as const;

const quickMs = 250;
const baseMs = 500;
const ceilingMs = 30_000;
const retryRange = { min: 250, max: 60_000 } as const;
// Beyond it a page would look dead for good, and setTimeout overflows into a storm at 2^31.
const retryAfterMaxMs = 600_000;
const gapsBeforeGivingUp = 3;

export const noAttempts: Attempts = { failed: 0, gaps: 0, renewed: false, starts: [] };

/** Decides what follows the end of an attempt: how long to wait before the next one, or that there is none. Pure. */
export function decide(
  attempts: Attempts,
  ended: Ended,
  policy: Policy,
  clock: { readonly now: number; readonly random: number },
): Next {
  if (isFinal(attempts, ended, policy)) return { type: 'stop' };
  const wasGood = ended.type === 'lost' && ended.liveMs >= goodMs;
  const failed = wasGood ? 0 : attempts.failed;
  if (failed + 1 >= policy.tries) return { type: 'stop' };

  const retryMs = ended.type === 'lost' ? (clampRetry(ended.retryMs) ?? attempts.retryMs) : attempts.retryMs;
  const wanted = toBackoff(failed, retryMs, clock.random) + toRetryAfter(ended);
  const release = Math.max(clock.now + wanted, toBudget(attempts.starts));
  return {
    type: 'wait',
    ms: release - clock.now,
    attempts: {
      failed: failed + 1,
      gaps: ended.type === 'gap' ? attempts.gaps + 1 : 0,
      renewed: !wasGood && (attempts.renewed || isUnauthorized(ended)),
      ...(retryMs !== undefined && { retryMs }),
      starts: [...attempts.starts, release].slice(-budget.attempts),
    },
  };
}

function isFinal(attempts: Attempts, ended: Ended, policy: Policy): boolean {
  if (ended.type === 'over' || ended.type === 'broken') return true;
  if (ended.type === 'gap') return attempts.gaps + 1 >= gapsBeforeGivingUp;
  if (ended.type === 'lost') return false;
  const { status } = ended;
  if (status === 401) return attempts.renewed || !policy.renewable;
  // Who waits for an answer wants to know at once that a queue is full; a stream can wait for its place.
  if (status === 429) return policy.tries < Infinity;
  return status >= 400 && status < 500 && status !== 408 && status !== 425;
}

/** Full jitter: thousands of clients that lost one server must not come back in step. */
function toBackoff(failed: number, retryMs: number | undefined, random: number): number {
  if (failed === 0) return random * quickMs;
  const base = retryMs ?? baseMs;
  return random * Math.min(base * 2 ** (failed - 1), Math.max(base, ceilingMs));
}

function toRetryAfter(ended: Ended): number {
  return ended.type === 'refused' ? Math.min(Math.max(ended.retryAfterMs ?? 0, 0), retryAfterMaxMs) : 0;
}

function toBudget(starts: readonly number[]): number {
  const [oldest] = starts;
  return oldest === undefined || starts.length < budget.attempts ? -Infinity : oldest + budget.windowMs;
}

function clampRetry(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.min(Math.max(ms, retryRange.min), retryRange.max);
}

function isUnauthorized(ended: Ended): boolean {
  return ended.type === 'refused' && ended.status === 401;
}
