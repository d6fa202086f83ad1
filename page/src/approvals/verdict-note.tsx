import type { ReactElement } from 'react';
import type { ApprovalPart } from 'heddle';
import type { Verdict } from 'heddle/react';
import { Icon } from '../app/icon.tsx';
import { gist } from '../parts/pretty.ts';
import { strings } from '../strings/strings.ts';

const marks = {
  approved: 'check',
  answered: 'check',
  denied: 'close',
  expired: 'dash',
  cancelled: 'dash',
} as const;

/** Renders the outcome of an approval. */
export function VerdictNote({
  verdict,
  decision,
}: {
  readonly verdict: Exclude<Verdict, 'pending'>;
  readonly decision: ApprovalPart['decision'];
}): ReactElement {
  return (
    <p className={`verdict verdict-${verdict}`}>
      <Icon name={marks[verdict]} />
      <span>{strings.verdicts[verdict]}</span>
      {verdict === 'answered' && <span dir="auto">{gist(decision)}</span>}
    </p>
  );
}
