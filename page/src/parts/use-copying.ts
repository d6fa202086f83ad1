import { useEffect, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { copyText } from './copy-text.ts';

/** `selected`: the browser refused to copy, and the text is selected instead. */
type CopyState = 'idle' | 'copied' | 'selected';

const shownMs = 1_600;

/** The state of a button that copies, its icon and its words, and the function that copies. */
export interface Copying {
  readonly state: CopyState;
  readonly icon: 'copy' | 'check' | 'alert';
  readonly label: string;
  /** Copies a text that an element shows; all of the element's text when none is given. */
  readonly copy: (element: HTMLElement | null, text?: string) => void;
}

export function useCopying(idle: string = strings.copy): Copying {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  return {
    state,
    icon: ({ idle: 'copy', copied: 'check', selected: 'alert' } as const)[state],
    label: { idle, copied: strings.copied, selected: strings.copyFailed }[state],
    copy(element, text) {
      if (element !== null)
        void copyText(element, text).then((isCopied) => setState(isCopied ? 'copied' : 'selected'));
    },
  };
}
