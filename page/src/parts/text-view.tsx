import { memo } from 'react';
import type { ReactElement } from 'react';
import type { TextPart } from 'heddle';
import { languageOf } from '../strings/language-of.ts';
import { Markdown } from './markdown.tsx';

export const TextView = memo(function TextView({ part }: { readonly part: TextPart }): ReactElement {
  return (
    <div className="prose" lang={languageOf(part.text)} data-open={part.open || undefined}>
      <Markdown text={part.text} open={part.open} />
    </div>
  );
});
