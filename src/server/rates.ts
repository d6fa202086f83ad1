import { RefusalError } from '../protocol/index.ts';

/** Counts what is used up within a time. Any limiter of rate-limiter-flexible is one: in memory, or over Redis for many nodes. */
export interface RateLimiter {
  /** Takes points from a key. Rejects with `{ msBeforeNext }` where there are not so many left, with an Error where it cannot tell. */
  consume(key: string, points?: number): Promise<unknown>;
}

/** How much of something there may be within the time of a limiter. */
export interface Rate {
  readonly of: QuotaUnit;
  readonly per: Per;
  readonly limiter: RateLimiter;
}

/** What is counted: the last three as turns use them up, the others as they are asked for. `bytes` are those of bodies. */
export type QuotaUnit =
  | 'requests'
  | 'sessions'
  | 'messages'
  | 'bytes'
  | 'turns'
  | 'output_tokens'
  | 'seconds';

export type Per = 'owner' | 'address' | 'session';

/** Whose account something goes to, as far as it is known. */
export type Account = { readonly [Each in Per]?: string | undefined };

/** Takes points from everybody's account who is named. Throws `too_many` with a time to come back, and `unavailable` where the limiter cannot tell. */
export type Spend = (of: QuotaUnit, account: Account, points?: number) => Promise<void>;

/** Where each thing can be counted: a turn knows no address, a session is not made in a session. */
const places: Readonly<Record<QuotaUnit, readonly Per[]>> = {
  requests: ['owner', 'address'],
  sessions: ['owner', 'address'],
  messages: ['owner', 'address', 'session'],
  bytes: ['owner', 'address'],
  turns: ['owner', 'session'],
  output_tokens: ['owner', 'session'],
  seconds: ['owner', 'session'],
};

/** Makes what spends. Throws a TypeError for a rate that would never count. */
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
    return Object.assign(new RefusalError('unavailable', 'The limits cannot be looked up.'), {
      cause: error,
    });
  return new RefusalError('too_many', `Too many ${of.replace('_', ' ')}; come back later.`, waitMs);
}
