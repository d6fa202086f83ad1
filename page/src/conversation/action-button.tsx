import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import type { IconName } from '../app/icon.tsx';

/**
 * Renders an action on a message. It is hidden until the pointer is over the message or the keyboard reaches
 * it.
 */
export function ActionButton({
  icon,
  label,
  onClick,
  ...rest
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: (button: HTMLButtonElement) => void;
  readonly 'data-testid'?: string;
  readonly 'data-state'?: string;
  readonly 'data-copies'?: string;
}): ReactElement {
  return (
    <button type="button" className="action" onClick={(event) => onClick(event.currentTarget)} {...rest}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}
