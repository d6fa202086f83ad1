import { useEffect, useState } from 'react';

/** Counts the seconds down to a time on the clock of `performance.now()`; undefined where there is none, or it has come. */
export function useSecondsUntil(at: number | undefined): number | undefined {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (at === undefined) return;
    const tick = (): void => setNow(performance.now());
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [at]);
  return at === undefined || at <= now ? undefined : Math.ceil((at - now) / 1000);
}
