import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Client } from 'heddle/client';
import { Modal } from '../app/modal.tsx';
import { strings } from '../strings/strings.ts';
import { conversationJson, conversationMarkdown, fileName } from './conversation-text.ts';
import { readConversation } from './read-conversation.ts';

/** Renders the choice of a format, reads all of the conversation and gives it to the browser as a file. */
export function ExportDialog({
  client,
  session,
  title,
  onClose,
}: {
  readonly client: Client;
  readonly session: string;
  readonly title: string;
  readonly onClose: () => void;
}): ReactElement {
  const [state, setState] = useState<'idle' | 'reading' | 'failed'>('idle');
  const give = (format: 'md' | 'json'): void => {
    setState('reading');
    readConversation(client.session(session)).then(
      (messages) => {
        const conversation = { session, title, at: Date.now(), messages };
        if (format === 'md')
          save(conversationMarkdown(conversation), 'text/markdown', fileName(title, format));
        else save(conversationJson(conversation), 'application/json', fileName(title, format));
        onClose();
      },
      () => setState('failed'),
    );
  };
  return (
    <Modal className="dialog" label={strings.exportTitle} onClose={onClose}>
      <h2>{strings.exportTitle}</h2>
      <p className="delete-name" dir="auto">
        {title}
      </p>
      <p>{strings.exportBody}</p>
      {state === 'failed' && <p role="alert">{strings.exportFailed}</p>}
      <div className="dialog-buttons">
        {(['md', 'json'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="button primary"
            data-testid={`export-${format}`}
            disabled={state === 'reading'}
            onClick={() => give(format)}
          >
            {{ md: 'Markdown', json: 'JSON' }[format]}
          </button>
        ))}
      </div>
    </Modal>
  );
}

function save(text: string, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the file only later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
