import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { SessionView } from 'heddle/react';
import { strings } from '../strings/strings.ts';

/** How near the top loads earlier messages: a reader who scrolls on should seldom wait for them. */
const margin = '150% 0px 0px';

/**
 * Renders a button that loads the messages before the first one, and presses it when the reader comes near
 * the top.
 */
export function EarlierMessages({
  isLoading,
  onLoad,
}: {
  readonly isLoading: boolean;
  readonly onLoad: SessionView['loadEarlier'];
}): ReactElement {
  const button = useRef<HTMLButtonElement>(null);
  const [failed, setFailed] = useState(false);
  const load = useCallback(() => {
    onLoad().then(
      () => setFailed(false),
      () => setFailed(true),
    );
  }, [onLoad]);

  useEffect(() => {
    const element = button.current;
    if (element === null || isLoading || failed) return;
    const near = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && load(), {
      root: element.closest('.scroller'),
      rootMargin: margin,
    });
    near.observe(element);
    return () => near.disconnect();
  }, [isLoading, failed, load]);

  // When the first message is there the button goes. A keyboard's place must not go with it.
  useLayoutEffect(() => {
    const element = button.current;
    return () => {
      if (element === null || document.activeElement !== element) return;
      element.closest<HTMLElement>('.scroller')?.focus({ preventScroll: true });
    };
  }, []);

  return (
    <div className="earlier">
      <button ref={button} type="button" className="text-button" data-testid="earlier" onClick={load}>
        {isLoading ? strings.loadingEarlier : strings.earlierMessages}
      </button>
      {failed && !isLoading && <p role="status">{strings.earlierFailed}</p>}
    </div>
  );
}
