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
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
}): ReactElement {
  return (
    <button type="button" className="action" onClick={onClick}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}
