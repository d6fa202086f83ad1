import type { QuotaOptions, Rate } from 'heddle/server';
import { ExitError } from './exit-error.ts';

/** The parsed values of `--limit`. */
export interface LimitOptions extends Pick<QuotaOptions, 'streams' | 'streamsPerAddress' | 'running'> {
  readonly rates: readonly (Omit<Rate, 'limiter'> & { readonly points: number; readonly seconds: number })[];
}

const counted: readonly Rate['of'][] = [
  'requests',
  'sessions',
  'messages',
  'bytes',
  'turns',
  'output_tokens',
  'seconds',
];
const places: readonly Rate['per'][] = ['owner', 'address', 'session'];
const periods: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/**
 * Parses limits such as `messages=60/minute`, `output_tokens=200000/day@session`,
 * `requests=600/minute@address`, `streams=20`, `streams=50@address` and `running=5`. Without a place they are
 * per owner. Throws an ExitError for any other text.
 */
export function readLimits(texts: readonly string[]): LimitOptions {
  const rates: LimitOptions['rates'][number][] = [];
  let bounds: Omit<LimitOptions, 'rates'> = {};
  for (const text of texts) {
    const [, name = '', digits = '', period, place = 'owner'] =
      /^([a-z_]+)=(\d{1,12})(?:\/([a-z]+))?(?:@([a-z]+))?$/.exec(text) ?? [];
    const points = Number(digits);
    const seconds = period === undefined ? undefined : periods[period];
    const of = counted.find((each) => each === name);
    const per = places.find((each) => each === place);
    if (of !== undefined && per !== undefined && seconds !== undefined)
      rates.push({ of, per, points, seconds });
    else if (period !== undefined || digits === '') throw unknown(text);
    else if (name === 'streams' && per === 'owner') bounds = { ...bounds, streams: points };
    else if (name === 'streams' && per === 'address') bounds = { ...bounds, streamsPerAddress: points };
    else if (name === 'running' && per === 'owner') bounds = { ...bounds, running: points };
    else throw unknown(text);
  }
  return { ...bounds, rates };
}

function unknown(text: string): ExitError {
  return new ExitError(
    `--limit ${text} is none; write it like messages=60/minute, turns=500/day, requests=600/minute@address, streams=20 or running=5.`,
  );
}
