import { memo } from 'react';
import type { ReactElement } from 'react';
import type { ApprovalPart, ToolPart } from 'heddle';
import { toVerdict } from 'heddle/react';
import type { Verdict } from 'heddle/react';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';
import { Disclosure } from './disclosure.tsx';
import { gist, gistOfOne, pretty } from './pretty.ts';
import { ValueBlock } from './value-block.tsx';

/** Renders a tool call: one line with its input and result, and the details when opened. */
export const ToolCard = memo(function ToolCard({
  part,
  approval,
}: {
  readonly part: ToolPart;
  /**
   * Given when the call waits for it or did not run because of it. It then says more than the call's own
   * status.
   */
  readonly approval?: ApprovalPart | undefined;
}): ReactElement {
  const waits = part.status === 'waiting' ? 'pending' : part.status;
  const status = approval === undefined ? waits : toVerdict(approval);
  return (
    <Disclosure
      className="tool-card"
      data-testid="tool-card"
      data-status={status}
      summary={<ToolLine part={part} status={status} />}
    >
      <ValueBlock label={strings.toolInput} text={inputOf(part)} empty={strings.toolNoInput} />
      {part.progress !== undefined && isGoing(part) && (
        <ValueBlock label={strings.toolProgress} text={pretty(part.progress)} />
      )}
      {!isGoing(part) && waits !== 'pending' && approval === undefined && (
        <ValueBlock
          label={strings.toolOutput}
          text={part.output === undefined ? '' : pretty(part.output)}
          empty={strings.toolNoOutput}
        />
      )}
    </Disclosure>
  );
});

type Status = Exclude<ToolPart['status'], 'waiting'> | Verdict;

function ToolLine({ part, status }: { readonly part: ToolPart; readonly status: Status }): ReactElement {
  const told = gistOfOne(isGoing(part) ? part.progress : part.output);
  return (
    <span className="tool-line">
      <StatusMark status={status} />
      <span className="tool-name">{part.tool}</span>
      <span className="tool-input" dir="auto">
        {gist(part.input ?? part.inputText)}
      </span>
      {told !== undefined && (
        <span className="tool-told" dir="auto">
          {told}
        </span>
      )}
    </span>
  );
}

const marks = {
  ok: 'check',
  error: 'alert',
  cancelled: 'dash',
  pending: 'pause',
  approved: 'pause',
  denied: 'dash',
  answered: 'pause',
  expired: 'dash',
} as const;

function StatusMark({ status }: { readonly status: Status }): ReactElement {
  return (
    <span className={`status-mark status-${status}`}>
      {status === 'input' || status === 'running' ? (
        <span className="spinner" />
      ) : (
        <Icon name={marks[status]} />
      )}
      <span className="visually-hidden">{{ ...strings.verdicts, ...strings.toolStatus }[status]}</span>
    </span>
  );
}

function isGoing(part: ToolPart): boolean {
  return part.status === 'input' || part.status === 'running';
}

/** Returns the input as text. An incomplete input is shown as it arrives. */
function inputOf(part: ToolPart): string {
  return part.input === undefined ? part.inputText : pretty(part.input);
}
