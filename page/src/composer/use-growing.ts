import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** A text box that grows with its text, also in browsers whose CSS cannot do it yet (`field-sizing`). */
export function useGrowing(text: string): RefObject<HTMLTextAreaElement | null> {
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || CSS.supports('field-sizing', 'content')) return;
    // Empty, it has the height of its rows; what it held before must not count.
    element.style.height = 'auto';
    if (text !== '') element.style.height = `${element.scrollHeight}px`;
  }, [text]);
  return box;
}
