import { memo, useId, useRef } from 'react';
import type { ReactElement } from 'react';
import type { ApprovalPart, ToolPart } from 'heddle';
import { toVerdict } from 'heddle/react';
import { strings } from '../strings/strings.ts';
import { AnswerButtons } from './answer-buttons.tsx';
import { CalledTool } from './called-tool.tsx';
import { RequestView } from './request-view.tsx';
import { toRequest } from './to-request.ts';
import { useAnswering } from './use-answering.ts';
import { VerdictNote } from './verdict-note.tsx';

/** Renders what the agent asks approval for, the buttons to answer, and later the answer. */
export const ApprovalCard = memo(function ApprovalCard({
  part,
  tool,
}: {
  readonly part: ApprovalPart;
  /** The call that needs the approval. */
  readonly tool: ToolPart | undefined;
}): ReactElement {
  const { open, sending, problem, answer } = useAnswering(part.approval);
  const card = useRef<HTMLDivElement>(null);
  const heading = useId();
  const request = toRequest(part.reason);
  const verdict = toVerdict(part);
  const decide = (approved: boolean): void => {
    // The buttons disappear: this keeps the keyboard focus on the card.
    card.current?.focus({ preventScroll: true });
    answer(approved);
  };

  return (
    <div
      ref={card}
      className="approval"
      role="group"
      data-testid="approval"
      data-status={verdict}
      aria-labelledby={heading}
      tabIndex={-1}
    >
      <h2 id={heading}>{verdict === 'pending' ? strings.approvalAsks : strings.approvalAsked}</h2>
      <RequestView request={request} />
      {tool !== undefined && <CalledTool part={tool} />}
      {problem !== undefined && (
        <p className="approval-problem" role="alert">
          {problem}
        </p>
      )}
      {verdict !== 'pending' && <VerdictNote verdict={verdict} decision={part.decision} />}
      {verdict === 'pending' && open && (
        <AnswerButtons what={request.name || (tool?.tool ?? '')} sending={sending} onAnswer={decide} />
      )}
    </div>
  );
});
