import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Returns the ref of a text box that grows with its text. The box takes the focus when `name` changes. */
export function useTextBox(name: string, text: string): RefObject<HTMLTextAreaElement | null> {
  const box = useRef<HTMLTextAreaElement>(null);
  const focusedFor = useRef<string>(undefined);

  useEffect(() => {
    if (focusedFor.current === name) return;
    focusedFor.current = name;
    // With a keyboard the user continues to type. On a touch screen the focus would open a keyboard over half
    // the page.
    if (matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [name]);

  useLayoutEffect(() => {
    const element = box.current;
    // Browsers with `field-sizing` need no script.
    if (element === null || CSS.supports('field-sizing', 'content')) return;
    // Resets the height, so that the previous text does not count. An empty box has the height of its rows.
    element.style.height = 'auto';
    if (text !== '') element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  return box;
}
