import { useLayoutEffect, useState } from 'react';
import { createPace } from './pace.ts';

/**
 * Returns the text to show now: all of it once it is closed, and before that as often as the browser can
 * render.
 */
export function usePaced(text: string, open: boolean): string {
  const [pace] = useState(createPace);
  const [shown, setShown] = useState(text);
  useLayoutEffect(() => {
    if (!open || text === shown) return;
    const show = (): void => {
      pace.begin(performance.now());
      setShown(text);
      // A separate task runs after the frame that shows the text.
      setTimeout(() => pace.end(performance.now()));
    };
    const waitMs = pace.waitMs(performance.now());
    if (waitMs === 0) return show();
    const timer = setTimeout(show, waitMs);
    return () => clearTimeout(timer);
  }, [pace, text, shown, open]);
  return open ? shown : text;
}
