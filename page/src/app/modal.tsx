import { useLayoutEffect, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';

/** Renders the browser's own modal dialog. It traps the focus, closes with Esc and restores the focus. */
export function Modal({
  className,
  label,
  onClose,
  children,
}: {
  readonly className: string;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closes before React removes the dialog, so that the browser restores the focus.
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onCancel={(event) => {
        // React removes the dialog. The browser must not close it by itself.
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // A click on the backdrop has the dialog itself as its target. A click on the content has a child.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="modal-body">{children}</div>
    </dialog>
  );
}
