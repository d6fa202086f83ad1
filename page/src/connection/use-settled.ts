import { useEffect, useState } from 'react';

/**
 * Follows a value, but delays each change by `ms`, except a change to `good`. Proxies cut streams every half
 * minute, and the client reconnects before the user has to know.
 */
export function useSettled<T>(value: T, good: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === good ? 0 : ms);
    return () => clearTimeout(timer);
  }, [value, good, ms]);
  return settled;
}
