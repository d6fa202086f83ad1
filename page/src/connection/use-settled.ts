import { useEffect, useState } from 'react';

/**
 * Follows a value, but lets a change stand for a while before it is told, unless it is to `good`. Proxies cut streams every
 * half minute, and the client is back before anyone has to know.
 */
export function useSettled<T>(value: T, good: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === good ? 0 : ms);
    return () => clearTimeout(timer);
  }, [value, good, ms]);
  return settled;
}
