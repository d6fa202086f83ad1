import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientError } from './client-error.ts';
import { budget, decide, goodMs, noAttempts } from './reconnect.ts';
import type { Attempts, Ended, Next, Policy } from './reconnect.ts';

const forEver: Policy = { tries: Infinity, renewable: false };
const error = new ClientError('unreachable', 'Gone.');
const lost = (liveMs = 0, retryMs?: number): Ended => ({
  type: 'lost',
  liveMs,
  error,
  ...(retryMs !== undefined && { retryMs }),
});
const refused = (status: number, retryAfterMs?: number): Ended => ({
  type: 'refused',
  status,
  error,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const gap: Ended = { type: 'gap', error };
const latest = { now: 1e9, random: 0.999 };

function waits(next: Next): { readonly ms: number; readonly attempts: Attempts } {
  if (next.type !== 'wait') throw new Error('It stops.');
  return next;
}

/** Ends the same way again and again, each time waiting as told. */
function run(times: number, ended: Ended, random: number, policy = forEver): readonly number[] {
  let attempts = noAttempts;
  let now = 0;
  return Array.from({ length: times }, () => {
    const next = waits(decide(attempts, ended, policy, { now, random }));
    attempts = next.attempts;
    now += next.ms;
    return next.ms;
  });
}

describe('the reconnect decision', () => {
  test('comes back within 250 ms the first time', () => {
    expect(waits(decide(noAttempts, lost(), forEver, latest)).ms).toBeLessThanOrEqual(250);
  });

  test('doubles the range of waits up to 30 s', () => {
    const ranges = run(12, lost(), 1);
    expect(ranges.slice(-7)).toEqual([8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  });

  test('lets go at most five attempts in ten seconds even where chance never waits', () => {
    const ranges = run(20, lost(), 0);
    expect(ranges.filter((ms) => ms > 0)).toEqual([10_000, 10_000, 10_000]);
  });

  test('starts counting anew only after a stream was good for a while', () => {
    const worn = { ...noAttempts, failed: 6 };
    expect(waits(decide(worn, lost(goodMs - 1), forEver, latest)).attempts.failed).toBe(7);
    expect(waits(decide(worn, lost(goodMs), forEver, latest)).attempts.failed).toBe(1);
    expect(waits(decide(worn, lost(goodMs), forEver, latest)).ms).toBeLessThanOrEqual(250);
  });

  test('takes what the server told with retry as the base, within 250 ms and 60 s', () => {
    const base = (told: number): number => {
      const first = waits(decide(noAttempts, lost(0, told), forEver, { now: 0, random: 1 }));
      return waits(decide(first.attempts, lost(), forEver, { now: 0, random: 1 })).ms;
    };
    expect([0, 3_000, 99_999_999_999].map(base)).toEqual([250, 3_000, 60_000]);
  });

  test('waits at least as long as Retry-After says', () => {
    expect(waits(decide(noAttempts, refused(503, 7_000), forEver, { now: 0, random: 0 })).ms).toBe(7_000);
    expect(waits(decide(noAttempts, refused(429, 7_000), forEver, { now: 0, random: 0 })).ms).toBe(7_000);
  });

  test('does not let a huge Retry-After overflow the timer', () => {
    expect(waits(decide(noAttempts, refused(503, 1e15), forEver, { now: 0, random: 0 })).ms).toBe(600_000);
  });

  test.each([400, 401, 403, 404, 405, 409, 410, 413, 415, 422])('takes %i for final', (status) => {
    expect(decide(noAttempts, refused(status), forEver, latest)).toEqual({ type: 'stop' });
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('comes back after %i', (status) => {
    expect(decide(noAttempts, refused(status), forEver, latest).type).toBe('wait');
  });

  test('asks once for new credentials after 401 where they can be made anew', () => {
    const policy = { ...forEver, renewable: true };
    const first = waits(decide(noAttempts, refused(401), policy, latest));
    expect(decide(first.attempts, refused(401), policy, latest).type).toBe('stop');
    const good = waits(decide(first.attempts, lost(goodMs), policy, latest));
    expect(decide(good.attempts, refused(401), policy, latest).type).toBe('wait');
  });

  test('gives up where entries are missing on three connections in a row', () => {
    const first = waits(decide(noAttempts, gap, forEver, latest));
    const second = waits(decide(first.attempts, gap, forEver, latest));
    expect(decide(second.attempts, gap, forEver, latest).type).toBe('stop');
    const healed = waits(decide(second.attempts, lost(), forEver, latest));
    expect(decide(healed.attempts, gap, forEver, latest).type).toBe('wait');
  });

  test('stops after the tries it was given', () => {
    const policy = { tries: 2, renewable: false };
    const first = waits(decide(noAttempts, lost(), policy, latest));
    expect(decide(first.attempts, lost(), policy, latest).type).toBe('stop');
  });

  test('tells at once that a queue is full to whom waits for an answer', () => {
    expect(decide(noAttempts, refused(429), { tries: 6, renewable: false }, latest).type).toBe('stop');
  });

  test('never makes a storm, nor waits longer than told, whatever happens', () => {
    const anyEnd = fc.oneof(
      fc
        .record({
          liveMs: fc.nat(60_000),
          retryMs: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
        })
        .map(({ liveMs, retryMs }) => lost(liveMs, retryMs)),
      fc
        .record({
          status: fc.constantFrom(408, 429, 500, 503),
          after: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
        })
        .map(({ status, after }) => refused(status, after)),
    );
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEnd, chance), { maxLength: 60 }), (ends) => {
        let attempts = noAttempts;
        let now = 0;
        const starts: number[] = [];
        for (const [ended, random] of ends) {
          // A stream that lived took that time too.
          if (ended.type === 'lost') now += ended.liveMs;
          const next = waits(decide(attempts, ended, forEver, { now, random }));
          expect(next.ms).toBeGreaterThanOrEqual(0);
          expect(next.ms).toBeLessThanOrEqual(660_000);
          attempts = next.attempts;
          now += next.ms;
          starts.push(now);
        }
        for (const [index, start] of starts.entries()) {
          const later = starts[index + budget.attempts];
          if (later !== undefined) expect(later - start).toBeGreaterThanOrEqual(budget.windowMs - 1);
        }
      }),
    );
  });
});
