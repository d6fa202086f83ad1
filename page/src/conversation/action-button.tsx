import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import type { IconName } from '../app/icon.tsx';

/** Something that can be done with a message. It keeps out of sight until the message is pointed at, or reached with the keyboard. */
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
