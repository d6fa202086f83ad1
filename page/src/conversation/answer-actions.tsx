import type { ReactElement } from 'react';
import type { AgentMessage } from 'heddle';
import { toPlainWords } from '../markdown/to-plain-words.ts';
import { useCopying } from '../parts/use-copying.ts';
import { strings } from '../strings/strings.ts';
import { ActionButton } from './action-button.tsx';
import { answerMarkdown } from './answer-markdown.ts';

/** Renders the actions below a whole answer. */
export function AnswerActions({
  message,
  onAgain,
}: {
  readonly message: AgentMessage;
  /** Given when the message before the answer can be sent again. */
  readonly onAgain?: (() => void) | undefined;
}): ReactElement | undefined {
  const isSaid = answerMarkdown(message) !== '';
  if (!isSaid && onAgain === undefined) return undefined;
  return (
    <div className="actions">
      {isSaid && <CopyAction message={message} label={strings.copy} as="text" />}
      {isSaid && <CopyAction message={message} label={strings.copyMarkdown} as="markdown" />}
      {onAgain !== undefined && <ActionButton icon="again" label={strings.tryAgain} onClick={onAgain} />}
    </div>
  );
}

function CopyAction({
  message,
  label: idle,
  as,
}: {
  readonly message: AgentMessage;
  readonly label: string;
  readonly as: 'text' | 'markdown';
}): ReactElement {
  const { icon, label, state, copy } = useCopying(idle);
  return (
    <ActionButton
      icon={icon}
      label={label}
      data-testid={`copy-${as}`}
      data-copies={as}
      data-state={state}
      onClick={(button) => {
        const markdown = answerMarkdown(message);
        copy(button.closest('article'), as === 'text' ? toPlainWords(markdown) : markdown);
      }}
    />
  );
}
