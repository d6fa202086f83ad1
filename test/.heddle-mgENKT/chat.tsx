// React: the URL of a server, or of one session.
import { toText } from 'heddle';
import { useSession } from 'heddle/react';

export function Chat({ url }: { url: string }) {
  const { messages, status, send } = useSession(url);
  return (
    <>
      {messages.map((message) =>
        message.role === 'user' ? (
          <h2 key={message.message}>{toText(message.content)}</h2>
        ) : (
          <p key={message.turn}>{message.parts.map((part) => ('text' in part ? part.text : ''))}</p>
        ),
      )}
      <button disabled={status !== 'ready'} onClick={() => send('What is a heddle?')}>Ask</button>
    </>
  );
}
