import { useLayoutEffect, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';

/** The platform's own modal dialog: it keeps the focus inside, closes with Esc and gives the focus back. */
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
    // Before React takes it away, so that the focus goes back to where it was.
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onCancel={(event) => {
        // React takes the dialog away; the browser must not close it on its own.
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The backdrop belongs to the dialog itself; everything in it is a child.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="modal-body">{children}</div>
    </dialog>
  );
}
