import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** A text box that grows with its text, and takes the focus when it comes to belong to something else. */
export function useTextBox(name: string, text: string): RefObject<HTMLTextAreaElement | null> {
  const box = useRef<HTMLTextAreaElement>(null);
  const focusedFor = useRef<string>(undefined);

  useEffect(() => {
    if (focusedFor.current === name) return;
    focusedFor.current = name;
    // With a keyboard at hand one goes on typing; on glass it would push up half the page.
    if (matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [name]);

  useLayoutEffect(() => {
    const element = box.current;
    // Where CSS can do it (`field-sizing`) it does; not all browsers can yet.
    if (element === null || CSS.supports('field-sizing', 'content')) return;
    // Empty, it has the height of its rows; what it held before must not count.
    element.style.height = 'auto';
    if (text !== '') element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  return box;
}
