import { useEffect, useState } from 'react';

/** Returns what a dynamic import gives once `isNeeded`; undefined until then. `load` must stay the same. */
export function useLazy<T extends object>(load: () => Promise<T>, isNeeded: boolean): T | undefined {
  const [loaded, setLoaded] = useState<T>();
  useEffect(() => {
    if (!isNeeded || loaded !== undefined) return;
    let isLeft = false;
    load().then(
      (found) => {
        if (!isLeft) setLoaded(found);
      },
      // Offline. The next time may work.
      () => undefined,
    );
    return () => {
      isLeft = true;
    };
  }, [load, isNeeded, loaded]);
  return loaded;
}
