import { RefusalError } from '../protocol/index.ts';

/**
 * Counts points within a time. Any limiter of rate-limiter-flexible fits: in memory, or over Redis for many
 * nodes.
 */
export interface RateLimiter {
  /**
   * Takes points from a key. Rejects with `{ msBeforeNext }` if too few are left, and with an Error if the
   * limiter fails.
   */
  consume(key: string, points?: number): Promise<unknown>;
}

/** A limit for one unit, within the time of its limiter. */
export interface Rate {
  readonly of: QuotaUnit;
  readonly per: Per;
  readonly limiter: RateLimiter;
}

/**
 * The units that are counted. The last three count while turns run, the others when they are requested.
 * `bytes` are the bytes of request bodies.
 */
export type QuotaUnit =
  | 'requests'
  | 'sessions'
  | 'messages'
  | 'bytes'
  | 'turns'
  | 'output_tokens'
  | 'seconds';

export type Per = 'owner' | 'address' | 'session';

/** The account that a request is charged to, as far as it is known. */
export type Account = { readonly [Each in Per]?: string | undefined };

/**
 * Takes points from each named part of the account. Throws `too_many` with a retry time, and `unavailable` if
 * the limiter fails.
 */
export type Spend = (of: QuotaUnit, account: Account, points?: number) => Promise<void>;

/** Where each unit can be counted. A turn knows no address, and a session is not created in a session. */
const places: Readonly<Record<QuotaUnit, readonly Per[]>> = {
  requests: ['owner', 'address'],
  sessions: ['owner', 'address'],
  messages: ['owner', 'address', 'session'],
  bytes: ['owner', 'address'],
  turns: ['owner', 'session'],
  output_tokens: ['owner', 'session'],
  seconds: ['owner', 'session'],
};

/** Creates the function that spends. Throws a TypeError for a rate that would never count. */
export function createSpend(rates: readonly Rate[] = []): Spend {
  for (const { of, per } of rates) {
    if (!Object.hasOwn(places, of))
      throw new TypeError(
        `quotas: "${of}" is nothing that is counted; ${Object.keys(places).join(', ')} are`,
      );
    if (!places[of].includes(per))
      throw new TypeError(`quotas: ${of} are counted per ${places[of].join(' or ')}, not per ${per}`);
  }
  return async (of, account, points = 1) => {
    for (const rate of rates) {
      const name = account[rate.per];
      if (rate.of !== of || name === undefined) continue;
      try {
        await rate.limiter.consume(`${of}:${rate.per}:${name}`, points);
      } catch (error) {
        throw toRefusal(of, error);
      }
    }
  };
}

function toRefusal(of: QuotaUnit, error: unknown): RefusalError {
  const waitMs: unknown = Reflect.get(Object(error), 'msBeforeNext');
  if (typeof waitMs !== 'number')
    return Object.assign(new RefusalError('unavailable', 'The server could not check the limits.'), {
      cause: error,
    });
  return new RefusalError('too_many', `Too many ${of.replace('_', ' ')}; come back later.`, waitMs);
}
