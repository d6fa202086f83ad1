import { joinBlocks } from './to-blocks.ts';
import type { Block } from './to-blocks.ts';
import type { Passage } from './to-passages.ts';

/** A place in the docs that answers a question. */
export interface DocsAnswer {
  readonly title: string;
  readonly path: string;
  readonly excerpt: string;
}

export interface Hit {
  readonly passage: Passage;
  readonly score: number;
}

const most = { results: 3, rows: 3, excerpt: 500 };

/** How much of the best score another passage needs: a row beside the best one of its table, and a third result. */
const least = { row: 0.6, third: 0.45 };

/** One result for each table, and one for the rest of a section. */
export function toFound(hits: readonly Hit[]): readonly DocsAnswer[] {
  const groups = Map.groupBy(hits, ({ passage: { section, block } }) => `${section.id}\n${block.head ?? ''}`);
  const best = hits[0]?.score ?? 0;
  return [...groups.values()]
    .slice(0, most.results)
    .filter(([hit], at) => at < most.results - 1 || (hit?.score ?? 0) >= best * least.third)
    .flatMap((group) => {
      const first = group[0]?.passage;
      if (first === undefined) return [];
      const excerpt = first.block.kind === 'row' ? toTable(group) : toExcerpt(first.rest);
      return [{ title: first.title, path: first.path, excerpt }];
    });
}

/** The best rows of a table, in its order. */
function toTable(group: readonly Hit[]): string {
  const rows = group
    .filter(({ score }) => score >= (group[0]?.score ?? 0) * least.row)
    .slice(0, most.rows)
    .toSorted((a, b) => a.passage.id - b.passage.id);
  return joinBlocks(rows.map(({ passage }) => passage.block));
}

/** The first block, and those after it while there is room. */
function toExcerpt([first, ...others]: readonly Block[]): string {
  const blocks = first === undefined ? [] : [first];
  for (const block of others) {
    if (joinBlocks([...blocks, block]).length > most.excerpt) break;
    blocks.push(block);
  }
  const excerpt = joinBlocks(blocks);
  return excerpt.length > most.excerpt * 2 ? `${cut(excerpt, most.excerpt)} …` : excerpt;
}

/** Cuts at the end of a line, and closes code that was cut. */
function cut(text: string, length: number): string {
  const short = text.slice(0, Math.max(text.lastIndexOf('\n', length), length / 2)).trimEnd();
  const isOpen = (short.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return isOpen ? `${short}\n\`\`\`` : short;
}
