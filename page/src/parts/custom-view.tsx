import { memo } from 'react';
import type { ReactElement } from 'react';
import type { CustomPart } from 'heddle';
import { Disclosure } from './disclosure.tsx';
import { gist, pretty } from './pretty.ts';
import { ValueBlock } from './value-block.tsx';

/**
 * An event of the agent's own making: what it means only its author knows, so it is shown quietly and as it
 * is.
 */
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
