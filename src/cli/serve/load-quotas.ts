import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Counted, Per, QuotaOptions, Rate } from 'heddle/server';
import { ExitError } from './exit-error.ts';

const counted: readonly Counted[] = [
  'requests',
  'sessions',
  'messages',
  'bytes',
  'turns',
  'output_tokens',
  'seconds',
];
const places: readonly Per[] = ['owner', 'address', 'session'];
const periods: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/**
 * Reads limits like `messages=60/minute`, `output_tokens=200000/day@session`, `requests=600/minute@address`, `streams=20`, `streams=50@address`, `running=5`. Without a place
 * they are per owner; they are counted in this process. Throws an ExitError for what is none.
 */
export function loadQuotas(limits: readonly string[], trustProxy: number): QuotaOptions {
  let quotas: QuotaOptions = trustProxy > 0 ? { address: forwardedAddress(trustProxy) } : {};
  const rates: Rate[] = [];
  for (const limit of limits) {
    const [, name = '', digits = '', period, place = 'owner'] =
      /^([a-z_]+)=(\d{1,12})(?:\/([a-z]+))?(?:@([a-z]+))?$/.exec(limit) ?? [];
    const points = Number(digits);
    const duration = period === undefined ? undefined : periods[period];
    const of = counted.find((each) => each === name);
    const per = places.find((each) => each === place);
    if (of !== undefined && per !== undefined && duration !== undefined)
      rates.push({ of, per, limiter: new RateLimiterMemory({ points, duration }) });
    else if (period !== undefined || digits === '') throw unknown(limit);
    else if (name === 'streams' && per === 'owner') quotas = { ...quotas, streams: points };
    else if (name === 'streams' && per === 'address') quotas = { ...quotas, streamsPerAddress: points };
    else if (name === 'running' && per === 'owner') quotas = { ...quotas, running: points };
    else throw unknown(limit);
  }
  return { ...quotas, rates };
}

function unknown(limit: string): ExitError {
  return new ExitError(
    `--limit ${limit} is none; write it like messages=60/minute, turns=500/day, requests=600/minute@address, streams=20 or running=5.`,
  );
}

/** The address that the last so many proxies tell: what stands before it in the header, the caller may have written. */
function forwardedAddress(proxies: number): NonNullable<QuotaOptions['address']> {
  return (ask) => {
    const told = (ask.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
    return told.at(-proxies) || ask.address;
  };
}
