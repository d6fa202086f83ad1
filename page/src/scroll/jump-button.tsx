import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';

export function JumpButton({ onClick }: { readonly onClick: () => void }): ReactElement {
  return (
    <button type="button" className="jump" onClick={onClick}>
      <Icon name="down" />
      <span>{strings.jumpToLatest}</span>
    </button>
  );
}
