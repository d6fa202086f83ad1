import { memo } from 'react';
import type { ReactElement } from 'react';
import type { CustomPart } from 'heddle';
import { Disclosure } from './disclosure.tsx';
import { gist, pretty } from './pretty.ts';
import { ValueBlock } from './value-block.tsx';

/** Renders a custom event unobtrusively and unchanged: only its author knows what it means. */
export const CustomView = memo(function CustomView({ part }: { readonly part: CustomPart }): ReactElement {
  return (
    <Disclosure
      className="custom"
      summary={
        <span className="tool-line">
          <span className="tool-name">{part.name}</span>
          <span className="tool-input">{gist(part.data)}</span>
        </span>
      }
    >
      <ValueBlock label={part.name} text={pretty(part.data)} />
    </Disclosure>
  );
});
