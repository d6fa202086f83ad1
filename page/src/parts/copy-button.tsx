import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';

const shownMs = 1_600;

export function CopyButton({ text }: { readonly text: () => string }): ReactElement {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? strings.copied : strings.copy;
  const copy = (): void => {
    // There is no clipboard outside secure contexts (plain http on another host): the text can still be
    // selected.
    navigator.clipboard?.writeText(text()).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button type="button" className="icon-button copy" onClick={copy} aria-label={label} title={label}>
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
