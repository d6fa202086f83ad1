import { useEffect, useState } from 'react';

// A shorter countdown is over before it is read.
const soonMs = 2_000;

/**
 * Counts down the seconds to a time on the clock of `performance.now()`. Returns undefined when there is no
 * time, or it is less than two seconds away.
 */
export function useSecondsUntil(at: number | undefined): number | undefined {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (at === undefined) return;
    const tick = (): void => setNow(performance.now());
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [at]);
  return at === undefined || at - now < soonMs ? undefined : Math.ceil((at - now) / 1000);
}
