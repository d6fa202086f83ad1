import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useChat } from '@ai-sdk/react';
import { lastAssistantMessageIsCompleteWithApprovalResponses } from 'ai';
import type { UIMessage } from 'ai';
import { createChatTransport } from 'heddle/ai-sdk';

// The chat is named in the URL, so that a reload finds it again.
const id = location.hash.slice(1) || crypto.randomUUID();
location.hash = id;
const transport = createChatTransport();
const loaded: UIMessage[] = await (await fetch(`/ai/${id}`)).json();

type Answer = (answer: { id: string; approved: boolean }) => unknown;

function Part({ part, answer }: { part: UIMessage['parts'][number]; answer: Answer }) {
  if (part.type === 'text') return <p>{part.text}</p>;
  if (!('toolCallId' in part)) return null;
  return (
    <p>
      <code>{part.type.replace('tool-', '')}</code> {JSON.stringify(part.input)}{' '}
      {part.state === 'approval-requested' && (
        <>
          <button onClick={() => answer({ id: part.approval.id, approved: true })}>Yes</button>
          <button onClick={() => answer({ id: part.approval.id, approved: false })}>No</button>
        </>
      )}
      {part.state === 'output-available' && JSON.stringify(part.output)}
      {part.state === 'output-denied' && 'not allowed'}
    </p>
  );
}

function Chat() {
  const [text, setText] = useState('');
  const { messages, status, error, sendMessage, stop, addToolApprovalResponse } = useChat({
    id,
    messages: loaded,
    transport,
    resume: true,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  return (
    <main data-status={status}>
      {messages.map((message) => (
        <article key={message.id} className={message.role}>
          {message.parts.map((part, index) => (
            <Part key={index} part={part} answer={addToolApprovalResponse} />
          ))}
        </article>
      ))}
      {error && <p role="alert">{error.message}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void sendMessage({ text });
          setText('');
        }}
      >
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label="Message"
          autoFocus
        />
        {status === 'streaming' && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </form>
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <Chat />
  </StrictMode>,
);
