import { useLayoutEffect, useState } from 'react';
import { createPace } from './pace.ts';

/**
 * A text as far as it is to be shown now: all of it once it is closed, and before that as often as the
 * browser can.
 */
export function usePaced(text: string, open: boolean): string {
  const [pace] = useState(createPace);
  const [shown, setShown] = useState(text);
  useLayoutEffect(() => {
    if (!open || text === shown) return;
    const show = (): void => {
      pace.begin(performance.now());
      setShown(text);
      // A task of its own comes after the frame that shows it.
      setTimeout(() => pace.end(performance.now()));
    };
    const waitMs = pace.waitMs(performance.now());
    if (waitMs === 0) return show();
    const timer = setTimeout(show, waitMs);
    return () => clearTimeout(timer);
  }, [pace, text, shown, open]);
  return open ? shown : text;
}
