import { memo } from 'react';
import type { ReactElement } from 'react';
import type { AgentMessage, Content, PartState, SentMessage } from 'heddle';
import { PartList } from '../parts/part-list.tsx';
import { strings } from '../strings/strings.ts';
import { AnswerActions } from './answer-actions.tsx';
import { OutcomeNote } from './outcome-note.tsx';

/** Renders the agent's answer of one turn, which grows while it streams. */
export const AgentMessageView = memo(function AgentMessage({
  message,
  again,
  onReplace,
}: {
  readonly message: AgentMessage;
  /** The message that it answers, when that can be sent again. */
  readonly again?: SentMessage | undefined;
  readonly onReplace?: (sent: SentMessage, content: Content) => Promise<void>;
}): ReactElement {
  const open = message.outcome === undefined;
  return (
    <article
      className="agent-message"
      data-testid="agent-message"
      data-outcome={message.outcome ?? 'open'}
      aria-label={strings.agent}
      // A screen reader reads the answer once it is complete, not at each word.
      aria-busy={open}
    >
      {message.attempt > 1 && <p className="outcome-note">{strings.retried(message.attempt)}</p>}
      <PartList parts={message.parts} waits={message.outcome === 'waiting'} />
      {open && isQuiet(message.parts) && <Thinking />}
      <OutcomeNote message={message} />
      {!open && (
        <AnswerActions
          message={message}
          onAgain={
            again &&
            onReplace &&
            // The composer shows the error.
            (() => void onReplace(again, again.content).catch(() => undefined))
          }
        />
      )}
    </article>
  );
});

/** Whether no part is open and no tool runs, so the page must show that work continues. */
function isQuiet(parts: readonly PartState[]): boolean {
  return !parts.some((part) =>
    part.type === 'tool' ? part.status === 'input' || part.status === 'running' : 'part' in part && part.open,
  );
}

function Thinking(): ReactElement {
  return (
    <p className="thinking" role="status" aria-label={strings.thinking}>
      <span />
      <span />
      <span />
    </p>
  );
}
