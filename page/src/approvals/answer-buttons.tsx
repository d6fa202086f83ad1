import type { ReactElement } from 'react';
import { strings } from '../strings/strings.ts';

/**
 * Renders the buttons for yes and no. Their labels name the approval, for users who reach them without seeing
 * the card.
 */
export function AnswerButtons({
  what,
  sending,
  onAnswer,
}: {
  readonly what: string;
  readonly sending: boolean;
  readonly onAnswer: (approved: boolean) => void;
}): ReactElement {
  return (
    <div className="answer-buttons">
      <button
        type="button"
        className="button primary"
        data-testid="approve"
        aria-label={strings.approveNamed(what)}
        disabled={sending}
        onClick={() => onAnswer(true)}
      >
        {strings.approve}
      </button>
      <button
        type="button"
        className="button"
        data-testid="deny"
        aria-label={strings.denyNamed(what)}
        disabled={sending}
        onClick={() => onAnswer(false)}
      >
        {strings.deny}
      </button>
    </div>
  );
}
