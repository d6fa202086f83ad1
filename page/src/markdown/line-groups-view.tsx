import { memo } from 'react';
import type { ReactElement } from 'react';

/**
 * Renders lines unchanged, in groups with their own layout. A new line costs only the layout of its group.
 */
export function LineGroups({ groups }: { readonly groups: readonly string[] }): readonly ReactElement[] {
  // oxlint-disable-next-line react/no-array-index-key
  return groups.map((text, index) => <LineGroup key={index} text={text} />);
}

const LineGroup = memo(function LineGroup({ text }: { readonly text: string }): ReactElement {
  return <span className="lines">{text}</span>;
});
