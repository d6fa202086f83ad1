import { useEffect, useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { isComposing, isSendKey } from '../composer/is-send-key.ts';
import { useTextBox } from '../composer/use-text-box.ts';
import { strings } from '../strings/strings.ts';

/** Renders an editor in place of a message. */
export function MessageEditor({
  text,
  onText,
  onSend,
  onClose,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => Promise<void>;
  readonly onClose: () => void;
}): ReactElement {
  const [sending, setSending] = useState(false);
  const box = useTextBox('', text);
  const sendable = text.trim() !== '' && !sending;

  useEffect(() => {
    const element = box.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, [box]);

  const send = (): void => {
    if (!sendable) return;
    setSending(true);
    // The composer shows the error.
    onSend().then(onClose, () => setSending(false));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey, keyCode, nativeEvent } = event;
    const press = { key, shiftKey, keyCode, isComposing: nativeEvent.isComposing };
    const leaves = key === 'Escape' && !isComposing(press);
    if (!leaves && !isSendKey(press)) return;
    event.preventDefault();
    if (leaves) onClose();
    else send();
  };

  return (
    <div className="message-editor">
      <textarea
        ref={box}
        data-testid="editor"
        aria-label={strings.editedText}
        rows={2}
        dir="auto"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="editor-buttons">
        <button type="button" className="button" onClick={onClose}>
          {strings.editCancel}
        </button>
        <button type="button" className="button primary" disabled={!sendable} onClick={send}>
          {strings.editSend}
        </button>
      </div>
    </div>
  );
}
