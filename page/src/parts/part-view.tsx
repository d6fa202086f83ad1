import type { ReactElement } from 'react';
import type { PartState } from 'heddle';
import { ApprovalView } from './approval-view.tsx';
import { CustomView } from './custom-view.tsx';
import { ReasoningView } from './reasoning-view.tsx';
import { TextView } from './text-view.tsx';
import { ToolCard } from './tool-card.tsx';

export function PartView({ part }: { readonly part: PartState }): ReactElement {
  switch (part.type) {
    case 'text':
      return <TextView part={part} />;
    case 'reasoning':
      return <ReasoningView part={part} />;
    case 'tool':
      return <ToolCard part={part} />;
    case 'approval':
      return <ApprovalView part={part} />;
    case 'custom':
      return <CustomView part={part} />;
  }
}
