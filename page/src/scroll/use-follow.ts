import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { directionOf, isNearEnd, readScroll, readTurn } from './scroll-state.ts';
import type { ScrollState, Place } from './scroll-state.ts';

export interface Follow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** The user is away from the end, so the page offers a jump. */
  readonly away: boolean;
  /** Scrolls to the end and follows it. */
  readonly toEnd: () => void;
}

/** Keeps a scroller at its end while its content grows, but only when the user is at the end. */
export function useFollow(): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef<ScrollState>({ follows: true, top: 0 });
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    setAway(false);
    if (scroller.current !== null) following.current = putAtEnd(scroller.current);
    else following.current = { follows: true, top: 0 };
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || content.current === null) return;
    const become = (next: ScrollState): void => {
      following.current = next;
      // With scroll anchoring the browser scrolls by itself. At the end that would look like a scroll of the
      // user.
      element.style.overflowAnchor = next.follows ? 'none' : '';
      setAway(!next.follows && !isNearEnd(placeOf(element)));
    };
    let size = '';
    /** Reads where the scroller is. In another size the browser moves it, and not the user. */
    const read = (): ScrollState => {
      const [was, place] = [following.current, placeOf(element)];
      const now = `${element.clientWidth} ${element.clientHeight}`;
      const isResized = now !== size;
      size = now;
      return isResized && was.follows ? { follows: true, top: place.top } : readScroll(was, place);
    };
    const onScroll = (): void => become(read());
    const onWheel = ({ deltaY, ctrlKey }: WheelEvent): void => {
      // Ctrl and the wheel zoom.
      if (deltaY === 0 || ctrlKey) return;
      become(readTurn(following.current, placeOf(element), deltaY < 0 ? 'up' : 'down'));
    };
    const onKeyDown = ({ key, shiftKey, target, defaultPrevented }: KeyboardEvent): void => {
      const direction = directionOf(key, shiftKey);
      const isTyped = target instanceof HTMLTextAreaElement || (key === ' ' && target !== element);
      if (direction === undefined || isTyped || defaultPrevented) return;
      // The end moves while the browser scrolls to where it was.
      if (key === 'End') return toEnd();
      become(readTurn(following.current, placeOf(element), direction));
    };
    // Content that the user opens should grow below the pointer, not move away from it.
    const onClick = (event: MouseEvent): void => {
      if (event.target instanceof Element && event.target.closest('summary') !== null)
        following.current = { ...following.current, follows: false };
    };
    // A scroll event comes one frame late. Without this read, putting the page back at its end would lose the
    // user's scroll.
    const resized = new ResizeObserver(() => {
      const next = read();
      become(next.follows ? putAtEnd(element) : next);
    });
    resized.observe(element);
    resized.observe(content.current);
    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener('scroll', onScroll, { passive: true, signal });
    element.addEventListener('wheel', onWheel, { passive: true, signal });
    element.addEventListener('keydown', onKeyDown, { signal });
    element.addEventListener('click', onClick, { signal });
    return () => {
      resized.disconnect();
      listening.abort();
    };
  }, [toEnd]);

  return { scroller, content, away, toEnd };
}

function placeOf({ scrollTop, scrollHeight, clientHeight }: HTMLElement): Place {
  return { top: scrollTop, end: scrollHeight - clientHeight };
}

function putAtEnd(element: HTMLElement): ScrollState {
  element.scrollTop = element.scrollHeight;
  return { follows: true, top: element.scrollTop };
}
