import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** How far from the end still counts as at the end, in CSS pixels. */
const near = 48;

export interface Follow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** The reader is elsewhere, so that the end has to be offered. */
  readonly away: boolean;
  /** Goes to the end and stays there. */
  readonly toEnd: () => void;
}

/** Keeps a scroller at its end while its content grows, but only for a reader who is there. */
export function useFollow(): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  /** Where the scroller was when last looked at, or was put. */
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    following.current = true;
    setAway(false);
    if (scroller.current !== null) lastTop.current = putAtEnd(scroller.current);
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || content.current === null) return;
    const isAtEnd = (): boolean => element.scrollHeight - element.clientHeight - element.scrollTop < near;
    const onScroll = (): void => {
      // The event comes late: content may have grown since the page itself scrolled. Only upwards is the reader's doing.
      if (isAtEnd()) following.current = true;
      else if (element.scrollTop < lastTop.current) following.current = false;
      lastTop.current = element.scrollTop;
      setAway(!following.current);
    };
    // What a reader opens should open under the pointer, not push everything away from it.
    const onClick = (event: MouseEvent): void => {
      if (event.target instanceof Element && event.target.closest('summary') !== null)
        following.current = false;
    };
    const resized = new ResizeObserver(() => {
      if (following.current) lastTop.current = putAtEnd(element);
      setAway(!following.current && !isAtEnd());
    });
    resized.observe(element);
    resized.observe(content.current);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('click', onClick);
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('click', onClick);
    };
  }, []);

  return { scroller, content, away, toEnd };
}

function putAtEnd(element: HTMLElement): number {
  element.scrollTop = element.scrollHeight;
  return element.scrollTop;
}
