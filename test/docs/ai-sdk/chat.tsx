// chat.tsx
import { useChat } from '@ai-sdk/react';
import type { UIMessage } from 'ai';
import { createChatTransport } from 'heddle/ai-sdk';

const transport = createChatTransport({ api: '/ai' });

export function Chat({ id, messages: loaded }: { id: string; messages: UIMessage[] }) {
  const { messages, sendMessage, stop } = useChat({ id, messages: loaded, transport, resume: true });
  return (
    <>
      {messages.map(({ id, parts }) => (
        <p key={id}>{parts.map((part) => (part.type === 'text' ? part.text : ''))}</p>
      ))}
      <button onClick={() => void sendMessage({ text: 'What is a heddle?' })}>Ask</button>
      <button onClick={() => void stop()}>Stop</button>
    </>
  );
}
