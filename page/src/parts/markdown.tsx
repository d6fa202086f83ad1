import { memo, useState } from 'react';
import type { ReactElement } from 'react';
import { BlockList } from '../markdown/block-list.tsx';
import { createDocument } from '../markdown/document.ts';
import { FootnotesContext } from '../markdown/footnotes-context.ts';
import { FootnotesView } from '../markdown/footnotes-view.tsx';
import { usePaced } from '../markdown/use-paced.ts';

/** Renders a model's text as markdown. While `open`, more text follows. */
export function Markdown({
  text,
  open = false,
}: {
  readonly text: string;
  readonly open?: boolean;
}): ReactElement {
  return <Shown text={usePaced(text, open)} open={open} />;
}

const Shown = memo(function Shown({
  text,
  open,
}: {
  readonly text: string;
  readonly open: boolean;
}): ReactElement {
  const [document] = useState(createDocument);
  const { root, footnotes } = document.read(text, open);
  return (
    <FootnotesContext value={footnotes.numbers}>
      <BlockList nodes={root.children} />
      <FootnotesView notes={footnotes.notes} />
    </FootnotesContext>
  );
});
