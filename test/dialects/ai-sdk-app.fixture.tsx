// A small application on `useChat`. ai-sdk-page.test.ts bundles it and opens it in real browsers.
import { StrictMode, useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import type { ChatTransport, UIMessage } from 'ai';
import { createChatTransport } from 'heddle/ai-sdk';

const query = new URLSearchParams(location.search);
const id = query.get('chat') ?? '';
const transport: ChatTransport<UIMessage> =
  query.get('transport') === 'heddle'
    ? createChatTransport({ version: 7 })
    : new DefaultChatTransport({ api: '/ai', headers: { 'heddle-ai-sdk': '7' } });

function Chat({ messages: loaded }: { readonly messages: UIMessage[] }): ReactElement {
  const { messages, status, sendMessage, stop } = useChat({ id, messages: loaded, transport, resume: true });
  return (
    <main data-status={status}>
      <button id="send" onClick={() => void sendMessage({ text: 'count' })}>
        Send
      </button>
      <button id="stop" onClick={() => void stop()}>
        Stop
      </button>
      {messages.map((message) => (
        <p key={message.id} className={message.role}>
          {message.parts.map((part) => (part.type === 'text' ? part.text : ''))}
        </p>
      ))}
    </main>
  );
}

function Page(): ReactElement | undefined {
  const [messages, setMessages] = useState<UIMessage[]>();
  useEffect(() => {
    void fetch(`/ai/${id}`)
      .then((response) => response.json() as Promise<UIMessage[]>)
      .then(setMessages);
  }, []);
  return messages && <Chat messages={messages} />;
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
