import { memo } from 'react';
import type { ReactElement } from 'react';
import type { Colouring } from '../code/colouring.ts';

/**
 * Renders lines unchanged, in groups with their own layout. A new line costs only its group: the layout, and
 * the colours if there are any.
 */
export function LineGroups({
  groups,
  colouring,
}: {
  readonly groups: readonly string[];
  readonly colouring?: Colouring | undefined;
}): readonly ReactElement[] {
  colouring?.take(groups);
  return groups.map((text, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <LineGroup key={index} text={text} index={index} colouring={colouring} />
  ));
}

const LineGroup = memo(function LineGroup({
  text,
  index,
  colouring,
}: {
  readonly text: string;
  readonly index: number;
  readonly colouring: Colouring | undefined;
}): ReactElement {
  const tokens = colouring?.tokensOf(index);
  if (tokens === undefined) return <span className="lines">{text}</span>;
  return (
    <span className="lines">
      {tokens.map((token, at) => (
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} className={token.kind && `code-${token.kind}`}>
          {token.text}
        </span>
      ))}
    </span>
  );
});
