import type { ReactElement } from 'react';
import type { ApprovalPart, PartState, ToolPart } from 'heddle';
import { ApprovalCard } from '../approvals/approval-card.tsx';
import { CustomView } from './custom-view.tsx';
import { ReasoningView } from './reasoning-view.tsx';
import { TextView } from './text-view.tsx';
import { ToolCard } from './tool-card.tsx';

export function PartView({
  part,
  tool,
  approval,
}: {
  readonly part: PartState;
  /** The call that the part asks approval for. */
  readonly tool: ToolPart | undefined;
  /** The approval that the part waits for. */
  readonly approval: ApprovalPart | undefined;
}): ReactElement {
  switch (part.type) {
    case 'text':
      return <TextView part={part} />;
    case 'reasoning':
      return <ReasoningView part={part} />;
    case 'tool':
      return <ToolCard part={part} approval={approval} />;
    case 'approval':
      return <ApprovalCard part={part} tool={tool} />;
    case 'custom':
      return <CustomView part={part} />;
  }
}
