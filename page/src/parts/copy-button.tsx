import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { useCopying } from './use-copying.ts';

/** Copies the text of an element, and shows whether that worked. */
export function CopyButton({ source }: { readonly source: () => HTMLElement | null }): ReactElement {
  const { state, icon, label, copy } = useCopying();
  return (
    <button
      type="button"
      className="icon-button copy"
      data-state={state}
      onClick={() => copy(source())}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}
