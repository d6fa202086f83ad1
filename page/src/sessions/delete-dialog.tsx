import { useState } from 'react';
import type { ReactElement } from 'react';
import { Modal } from '../app/modal.tsx';
import { strings } from '../strings/strings.ts';

export function DeleteDialog({
  title,
  onDelete,
  onClose,
}: {
  readonly title: string;
  readonly onDelete: () => Promise<void>;
  readonly onClose: () => void;
}): ReactElement {
  const [state, setState] = useState<'idle' | 'deleting' | 'failed'>('idle');
  const confirm = (): void => {
    setState('deleting');
    onDelete().then(onClose, () => setState('failed'));
  };
  return (
    <Modal className="dialog delete-dialog" label={strings.deleteTitle} onClose={onClose}>
      <h2>{strings.deleteTitle}</h2>
      <p className="delete-name" dir="auto">
        {title}
      </p>
      <p>{strings.deleteBody}</p>
      {state === 'failed' && <p role="alert">{strings.deleteFailed}</p>}
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          {strings.deleteCancel}
        </button>
        <button type="button" className="button danger" onClick={confirm} disabled={state === 'deleting'}>
          {strings.deleteConfirm}
        </button>
      </div>
    </Modal>
  );
}
