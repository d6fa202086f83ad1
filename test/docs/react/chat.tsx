import { toText } from 'heddle';
import type { AgentMessage, PartState } from 'heddle';
import { approvalOf, toolOf, toVerdict, useSession } from 'heddle/react';
import type { SessionView } from 'heddle/react';

export function Chat({ server }: { readonly server: string }) {
  const { messages, sending, status, send, answer, cancel } = useSession(server);
  return (
    <main aria-busy={status === 'streaming'}>
      {messages.map((message) =>
        message.role === 'user' ? (
          <p key={message.message}>{toText(message.content)}</p>
        ) : (
          <Answer key={message.turn} message={message} onAnswer={answer} />
        ),
      )}
      {sending.map(({ key, content }) => (
        <p key={key}>{toText(content)} …</p>
      ))}
      <form action={(form) => void send(String(form.get('text')))}>
        <input name="text" aria-label="Message" required />
        <button>Send</button>
        {status === 'streaming' && (
          <button type="button" onClick={() => void cancel()}>
            Stop
          </button>
        )}
      </form>
    </main>
  );
}

function Answer({
  message,
  onAnswer,
}: {
  readonly message: AgentMessage;
  readonly onAnswer: SessionView['answer'];
}) {
  return (
    <article>
      {message.parts.map((part, index) => (
        <Part key={index} part={part} parts={message.parts} onAnswer={onAnswer} />
      ))}
      {message.outcome === 'failed' && <p role="alert">{message.error?.message}</p>}
    </article>
  );
}

interface PartProps {
  readonly part: PartState;
  /** All parts of the message. */
  readonly parts: readonly PartState[];
  readonly onAnswer: SessionView['answer'];
}

function Part({ part, parts, onAnswer }: PartProps) {
  if (part.type === 'text') return <p>{part.text}</p>;
  if (part.type === 'tool') {
    const approval = approvalOf(part, parts);
    // While a call waits, and if it did not run, the approval says why.
    return <p data-call>{`${part.tool}: ${approval ? toVerdict(approval) : part.status}`}</p>;
  }
  if (part.type !== 'approval' || toVerdict(part) !== 'pending') return null;
  const call = toolOf(part, parts);
  return (
    <p>
      {String(part.reason)} {call && <code>{JSON.stringify(call.input)}</code>}
      <button onClick={() => void onAnswer(part.approval, true)}>Approve</button>
      <button onClick={() => void onAnswer(part.approval, false)}>Deny</button>
    </p>
  );
}
