import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';
import { ThemeSwitch } from '../theme/theme-switch.tsx';

/** Renders what belongs to the page itself, below the list of conversations. */
export function ListFooter({ onHelp }: { readonly onHelp: () => void }): ReactElement {
  return (
    <div className="list-footer">
      <ThemeSwitch />
      <button
        type="button"
        className="icon-button"
        data-testid="shortcuts"
        aria-label={strings.shortcuts}
        title={strings.shortcuts}
        onClick={onHelp}
      >
        <Icon name="keyboard" />
      </button>
    </div>
  );
}
