import { memo } from 'react';
import type { ReactElement } from 'react';
import { FormulaView } from '../math/formula-view.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { isFormula } from './leaf-marks.ts';
import { LineGroups } from './line-groups-view.tsx';
import type { Code, MarkdownBlock, Fold, ListItem, List } from './nodes.ts';
import { TableView } from './table-view.tsx';
import { ParagraphView } from './paragraph-view.tsx';

const sizeOfRun = 32;

/** Renders blocks or items, in runs. React compares only the nodes of runs that have changed. */
export function BlockList({
  nodes,
  isTight = false,
}: Pick<Run, 'nodes' | 'isTight'>): readonly ReactElement[] {
  return Array.from({ length: Math.ceil(nodes.length / sizeOfRun) }, (_, index) => {
    const run = nodes.slice(index * sizeOfRun, (index + 1) * sizeOfRun);
    // A run keeps its index; only the last one grows.
    // oxlint-disable-next-line react/no-array-index-key
    return (
      <BlockRun key={index} nodes={run} versions={run.map(({ version }) => version)} isTight={isTight} />
    );
  });
}

interface Run {
  readonly nodes: readonly (MarkdownBlock | ListItem)[];
  /**
   * The versions of the nodes at the last render. Nodes change in place, so only the version shows a change.
   */
  readonly versions: readonly number[];
  /** Whether paragraphs have no space around them, as in list items without blank lines. */
  readonly isTight?: boolean;
}

const BlockRun = memo(function BlockRun({ nodes, versions, isTight = false }: Run): readonly ReactElement[] {
  return nodes.map((node, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <BlockView key={index} node={node} version={versions[index] ?? 0} isTight={isTight} />
  ));
}, isSameRun);

function isSameRun(one: Run, other: Run): boolean {
  const { versions } = other;
  return (
    one.isTight === other.isTight &&
    one.versions.length === versions.length &&
    one.versions.every((version, index) => version === versions[index])
  );
}

const BlockView = memo(function BlockView({
  node,
  isTight,
}: {
  readonly node: MarkdownBlock | ListItem;
  readonly version: number;
  readonly isTight: boolean;
}): ReactElement | undefined {
  switch (node.type) {
    case 'text':
      return <ParagraphView text={node} isTight={isTight} />;
    case 'list':
      return <ListView list={node} />;
    case 'item':
      return (
        <li dir="auto" className={isTask(node) ? 'task-list-item' : undefined}>
          <BlockList nodes={node.children} isTight={isTight} />
        </li>
      );
    case 'quote':
      return (
        <blockquote dir="auto">
          <BlockList nodes={node.children} />
        </blockquote>
      );
    case 'fold':
      return <FoldView fold={node} />;
    case 'table':
      return <TableView table={node} />;
    case 'code':
      return <CodeView code={node} />;
    case 'html':
      return <Lines groups={node.groups} />;
    case 'rule':
      return <hr />;
    case 'note':
      return undefined;
  }
});

/**
 * Renders code, or the formula that a whole block is. Until it is whole, it is text: it may end on its line.
 */
function CodeView({ code }: { readonly code: Code }): ReactElement {
  const { groups, language, fence, isClosed } = code;
  const block = <CodeBlock groups={groups} language={language} />;
  if (fence === undefined || !isFormula(fence.mark)) return block;
  return isClosed ? <FormulaView source={groups.join('')} otherwise={block} /> : <Lines groups={groups} />;
}

function Lines({ groups }: Pick<Code, 'groups'>): ReactElement {
  return (
    <p className="html" dir="auto">
      <LineGroups groups={groups} />
    </p>
  );
}

/** Renders `<details>`, open at first: users do not look for hidden content. */
function FoldView({ fold: { children, hasSummary } }: { readonly fold: Fold }): ReactElement {
  return (
    <details open dir="auto">
      {hasSummary && (
        <summary>
          <BlockList nodes={children.slice(0, 1)} isTight />
        </summary>
      )}
      <BlockList nodes={hasSummary ? children.slice(1) : children} />
    </details>
  );
}

function ListView({ list }: { readonly list: List }): ReactElement {
  const items = <BlockList nodes={list.children} isTight={!list.isLoose} />;
  const className = list.children.some(isTask) ? 'contains-task-list' : undefined;
  if (list.start === undefined) return <ul className={className}>{items}</ul>;
  return (
    <ol start={list.start} className={className}>
      {items}
    </ol>
  );
}

function isTask({ children: [first] }: ListItem): boolean {
  return first?.type === 'text' && first.task !== undefined;
}
