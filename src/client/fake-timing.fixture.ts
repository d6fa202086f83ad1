import type { Timing } from './index.ts';

/** A clock that each sleep moves forward at once, and a record of the sleeps in milliseconds. */
export interface FakeTiming extends Timing {
  readonly sleeps: readonly number[];
}

/** Creates such a clock. Its random number is always `chance`. */
export function createFakeTiming(chance = 0.5, readTimeoutMs = 10_000): FakeTiming {
  const sleeps: number[] = [];
  let now = 0;
  return {
    sleeps,
    readTimeoutMs,
    random: () => chance,
    watchPage: () => () => {},
    eventTimeoutMs: Infinity,
    openingMs: 10_000,
    pollForMs: 300_000,
    now: () => now,
    async sleep(ms) {
      sleeps.push(ms);
      now += ms;
    },
  };
}
