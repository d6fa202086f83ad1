import { maxLeaseMs } from '../log/internal.ts';
import { checkNumbers, maxTimerMs, timerOrNever } from '../protocol/internal.ts';
import type { Takes } from '../protocol/internal.ts';
import type { EngineOptions } from './engine.ts';

/** A hundred years, in milliseconds. It stands for "never" in a head, because JSON has no Infinity. */
const ageMs = 3_155_760_000_000;
const untilNever: Takes = { infinity: 'for never', infinityIs: ageMs };
const bound: Takes = { least: 1, whole: true, infinity: 'for no limit' };

type Numbers = Pick<
  EngineOptions,
  'leaseMs' | 'dueMs' | 'maxQueue' | 'gatherMs' | 'cancelMs' | 'approvalMs' | 'limits' | 'retention'
>;

/**
 * Checks the numbers among an engine's options, and returns them. Throws a TypeError that names the option,
 * its value, and the values that it takes.
 */
export function checkEngineOptions(options: Numbers): Numbers {
  const { limits, retention } = options;
  return {
    ...checkNumbers(options, {
      leaseMs: { least: 1, most: maxLeaseMs },
      dueMs: timerOrNever,
      maxQueue: bound,
      gatherMs: { most: maxTimerMs },
      cancelMs: { ...timerOrNever, least: 0 },
      approvalMs: untilNever,
    }),
    ...(limits && {
      limits: checkNumbers(
        limits,
        {
          turnMs: timerOrNever,
          silenceMs: timerOrNever,
          events: bound,
          characters: bound,
          outputTokens: bound,
        },
        'limits.',
      ),
    }),
    ...(retention && {
      retention: checkNumbers(
        retention,
        {
          entries: { whole: true, infinity: 'for no limit' },
          ageMs: { infinity: 'for no limit' },
          onceMs: untilNever,
        },
        'retention.',
      ),
    }),
  };
}
