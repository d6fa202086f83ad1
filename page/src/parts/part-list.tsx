import { Fragment } from 'react';
import type { ReactElement } from 'react';
import type { PartState } from 'heddle';
import { approvalOf, toolOf } from 'heddle/react';
import { Boundary } from '../app/boundary.tsx';
import { PartView } from './part-view.tsx';
import { PlainText } from './plain-text.tsx';
import { toPlainText } from './to-plain-text.ts';

/**
 * Renders the parts of an answer in order. The parts of an inner agent have its name above them. A failure in
 * one part does not affect the others.
 */
export function PartList({
  parts,
  waits = false,
}: {
  readonly parts: readonly PartState[];
  /** The turn ended to wait for approvals. */
  readonly waits?: boolean;
}): ReactElement[] {
  return bySpeaker(parts).map(({ agent, spoken }) => {
    const views = spoken.map(({ key, part }) => (
      <Boundary key={key} renderFailed={(retry) => <PlainText text={toPlainText(part)} onRetry={retry} />}>
        <PartView
          part={part}
          tool={toolOf(part, parts)}
          approval={waits ? approvalOf(part, parts) : undefined}
        />
      </Boundary>
    ));
    const key = spoken[0]?.key;
    if (agent === '') return <Fragment key={key}>{views}</Fragment>;
    return (
      <div className="inner-agent" key={key} role="group" aria-label={agent}>
        <h2>{agent}</h2>
        {views}
      </div>
    );
  });
}

interface Speaker {
  readonly agent: string;
  readonly spoken: { readonly key: string; readonly part: PartState }[];
}

function bySpeaker(parts: readonly PartState[]): readonly Speaker[] {
  const speakers: Speaker[] = [];
  let nameless = 0;
  for (const part of parts) {
    // Counts skipped parts too, so that the other keys do not change when an empty part is left out.
    const key = keyOf(part) ?? `${part.type} ${(nameless += 1)}`;
    if (isEmpty(part)) continue;
    const agent = part.agent?.join(' › ') ?? '';
    const last = speakers.at(-1);
    if (last?.agent === agent) last.spoken.push({ key, part });
    else speakers.push({ agent, spoken: [{ key, part }] });
  }
  return speakers;
}

function keyOf(part: PartState): string | undefined {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return `part ${part.part}`;
    case 'tool':
      return `call ${part.call}`;
    case 'approval':
      return `approval ${part.approval}`;
    case 'custom':
      return undefined;
  }
}

function isEmpty(part: PartState): boolean {
  return 'part' in part && !part.open && part.text.trim() === '';
}
