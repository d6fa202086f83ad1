import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';
import { copyText } from './copy-text.ts';

const shownMs = 1_600;

/** Copies the text of an element, and shows whether that worked. */
export function CopyButton({ source }: { readonly source: () => HTMLElement | null }): ReactElement {
  const [state, setState] = useState<'idle' | 'copied' | 'selected'>('idle');
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState('idle'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const label = { idle: strings.copy, copied: strings.copied, selected: strings.copyFailed }[state];
  const copy = async (): Promise<void> => {
    const element = source();
    if (element !== null) setState((await copyText(element)) ? 'copied' : 'selected');
  };
  return (
    <button
      type="button"
      className="icon-button copy"
      data-state={state}
      onClick={() => void copy()}
      aria-label={label}
      title={label}
    >
      <Icon name={({ idle: 'copy', copied: 'check', selected: 'alert' } as const)[state]} />
    </button>
  );
}
