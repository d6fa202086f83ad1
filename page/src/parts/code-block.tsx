import { useRef } from 'react';
import type { ReactElement } from 'react';
import { LineGroups } from '../markdown/line-groups-view.tsx';
import { CopyButton } from './copy-button.tsx';

/** Renders code as groups of lines. It runs from left to right, whatever the text around it does. */
export function CodeBlock({ groups }: { readonly groups: readonly string[] }): ReactElement {
  const pre = useRef<HTMLPreElement>(null);
  return (
    <div className="code-block">
      <pre ref={pre} dir="ltr" tabIndex={0}>
        <code>
          <LineGroups groups={groups} />
        </code>
      </pre>
      <CopyButton source={() => pre.current} />
    </div>
  );
}
