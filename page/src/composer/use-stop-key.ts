import { useEffect } from 'react';
import { isComposing } from './is-send-key.ts';

/**
 * Stops the answer on Esc, wherever the focus is, but not on an Esc that ends a conversion or closes a
 * dialog.
 */
export function useStopKey(running: boolean, onStop: () => void): void {
  useEffect(() => {
    if (!running) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
      if (document.querySelector('dialog[open]') === null) onStop();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [running, onStop]);
}
