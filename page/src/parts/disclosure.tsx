import { useState } from 'react';
import type { ReactElement, ReactNode, ToggleEvent } from 'react';
import { Icon } from '../app/icon.tsx';

/**
 * Renders content that can be opened. The content renders only while it is open, because most users never
 * open it.
 */
export function Disclosure({
  className,
  summary,
  children,
  ...rest
}: {
  readonly className: string;
  readonly summary: ReactNode;
  readonly children: ReactNode;
  readonly 'data-testid'?: string;
  readonly 'data-status'?: string;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const onToggle = (event: ToggleEvent<HTMLDetailsElement>): void => setOpen(event.currentTarget.open);
  return (
    <details className={`disclosure ${className}`} onToggle={onToggle} {...rest}>
      <summary>
        {summary}
        <Icon name="chevron" />
      </summary>
      {open && <div className="disclosure-body">{children}</div>}
    </details>
  );
}
