import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useColouring } from '../code/use-colouring.ts';
import { LineGroups } from '../markdown/line-groups-view.tsx';
import { CopyButton } from './copy-button.tsx';

/**
 * Renders code as groups of lines, with the name of its language above it. It runs from left to right,
 * whatever the text around it does.
 */
export function CodeBlock({
  groups,
  language,
}: {
  readonly groups: readonly string[];
  readonly language: string | undefined;
}): ReactElement {
  const pre = useRef<HTMLPreElement>(null);
  // The name may be incomplete until the first line of the code has come.
  const named = groups.length > 0 ? language : undefined;
  const colouring = useColouring(named);
  return (
    <div className="code-block">
      {named !== undefined && (
        <div className="code-head" dir="ltr">
          {named}
        </div>
      )}
      <pre ref={pre} dir="ltr" tabIndex={0}>
        <code>
          <LineGroups groups={groups} colouring={colouring} />
        </code>
      </pre>
      <CopyButton source={() => pre.current} />
    </div>
  );
}
