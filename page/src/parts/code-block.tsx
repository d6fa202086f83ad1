import { useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

export function CodeBlock({ children }: { readonly children: ReactNode }): ReactElement {
  const pre = useRef<HTMLPreElement>(null);
  return (
    <div className="code-block">
      <pre ref={pre} dir="ltr" tabIndex={0}>
        {children}
      </pre>
      <CopyButton source={() => pre.current} />
    </div>
  );
}
