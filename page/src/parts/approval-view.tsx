import { memo } from 'react';
import type { ReactElement } from 'react';
import type { ApprovalPart } from 'heddle';
import { strings } from '../strings/strings.ts';
import { Disclosure } from './disclosure.tsx';
import { gist, pretty } from './pretty.ts';
import { ValueBlock } from './value-block.tsx';

/** What the agent asked leave for, and what it was answered. */
export const ApprovalView = memo(function ApprovalView({
  part,
}: {
  readonly part: ApprovalPart;
}): ReactElement {
  return (
    <Disclosure
      className="approval"
      summary={
        <span className="tool-line">
          <span className="tool-name">
            {part.answered ? strings.approvalAnswered : strings.approvalWaiting}
          </span>
          <span className="tool-input">{gist(part.answered ? part.decision : part.reason)}</span>
        </span>
      }
    >
      <ValueBlock label={strings.approvalWaiting} text={pretty(part.reason)} />
      {part.answered && <ValueBlock label={strings.approvalAnswered} text={pretty(part.decision)} />}
    </Disclosure>
  );
});
