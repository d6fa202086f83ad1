import { useEffect } from 'react';
import { goTo } from '../app/use-route.ts';
import { choices } from '../choices/choices.ts';
import { toShortcut } from './to-shortcut.ts';
import type { Shortcut } from './to-shortcut.ts';

/** Runs shortcuts while the user is not typing and no dialog is open. Both functions must stay the same. */
export function useShortcuts(onHelp: () => void, onList: () => void): void {
  useEffect(() => {
    const run: Readonly<Record<Shortcut, () => void>> = {
      create: () => goTo({ type: 'new' }),
      write: () => document.querySelector<HTMLElement>('.composer textarea')?.focus(),
      copy: () => [...document.querySelectorAll<HTMLElement>('.actions [data-copies=text]')].at(-1)?.click(),
      list: onList,
      help: onHelp,
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const shortcut = toShortcut(event);
      if (shortcut === undefined || event.defaultPrevented || choices.shortcuts.get() === 'off') return;
      if (isTyped(event.target) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      run[shortcut]();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onHelp, onList]);
}

function isTyped(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
