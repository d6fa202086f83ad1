import { memo } from 'react';
import type { ReactElement } from 'react';
import type { TextPart } from 'heddle';
import { languageOf } from '../strings/language-of.ts';
import { strings } from '../strings/strings.ts';
import { Disclosure } from './disclosure.tsx';
import { Markdown } from './markdown.tsx';

export const ReasoningView = memo(function ReasoningView({
  part,
}: {
  readonly part: TextPart;
}): ReactElement {
  return (
    <Disclosure
      className="reasoning"
      summary={
        <span className={part.open ? 'shimmer' : undefined}>
          {part.open ? strings.reasoningOpen : strings.reasoningDone}
        </span>
      }
    >
      <div className="prose" lang={languageOf(part.text)} data-open={part.open || undefined}>
        <Markdown text={part.text} open={part.open} />
      </div>
    </Disclosure>
  );
});
