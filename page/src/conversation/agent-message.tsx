import { memo } from 'react';
import type { ReactElement } from 'react';
import type { AgentMessage as AgentMessageState, PartState } from 'heddle';
import { PartList } from '../parts/part-list.tsx';
import { strings } from '../strings/strings.ts';
import { OutcomeNote } from './outcome-note.tsx';

/** What the agent said in one turn, growing while it speaks. */
export const AgentMessage = memo(function AgentMessage({
  message,
}: {
  readonly message: AgentMessageState;
}): ReactElement {
  const open = message.outcome === undefined;
  return (
    <article
      className="agent-message"
      data-testid="agent-message"
      data-outcome={message.outcome ?? 'open'}
      aria-label={strings.agent}
      // A screen reader reads the answer when it is whole, not each word again.
      aria-busy={open}
    >
      {message.attempt > 1 && <p className="outcome-note">{strings.retried(message.attempt)}</p>}
      <PartList parts={message.parts} />
      {open && isQuiet(message.parts) && <Thinking />}
      <OutcomeNote message={message} />
    </article>
  );
});

/** Nothing moves: no part is being written and no tool runs, so something must say that work goes on. */
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
