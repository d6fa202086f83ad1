import MiniSearch from 'minisearch';
import { splitSections } from './split-sections.ts';
import type { Doc, Section } from './split-sections.ts';
import { toQueryTerms, toTerms } from './to-terms.ts';

/** A place in the docs that answers a question. */
interface Found {
  readonly title: string;
  readonly path: string;
  readonly excerpt: string;
}

/** Finds the sections about a question, best first; none where the docs hold less than half of its words. */
export type DocsSearch = (question: string) => readonly Found[];

const most = { results: 3, excerpt: 500 };

/** Indexes documents by section for full-text search in English and Japanese. */
export function createDocsSearch(docs: readonly Doc[]): DocsSearch {
  const sections = splitSections(docs);
  const byId = new Map(sections.map((section) => [section.id, section]));
  const index = new MiniSearch<Section>({
    fields: ['title', 'text', 'path'],
    tokenize: toTerms,
    searchOptions: {
      boost: { title: 3 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 5 ? 0.15 : 0),
    },
  });
  index.addAll(sections);
  return (question) => {
    const terms = toQueryTerms(question);
    if (terms.length === 0) return [];
    // A question that shares one word of many with a section is not about it.
    const enough = Math.ceil(terms.length / 2);
    return index
      .search(terms.join(' '))
      .filter(({ queryTerms }) => new Set(queryTerms).size >= enough)
      .slice(0, most.results)
      .flatMap(({ id }) => {
        const section = byId.get(String(id));
        return section
          ? [{ title: section.title, path: section.path, excerpt: toExcerpt(section.text, terms) }]
          : [];
      });
  };
}

/** The block with the most of the words, and those after it while there is room. */
function toExcerpt(text: string, terms: readonly string[]): string {
  const blocks = toBlocks(text);
  const hits = blocks.map((block) => {
    const words = toTerms(block);
    return terms.filter((term) => words.some((word) => word.startsWith(term))).length;
  });
  const start = Math.max(hits.indexOf(Math.max(...hits)), 0);
  let excerpt = blocks[start] ?? '';
  for (const block of blocks.slice(start + 1)) {
    if (excerpt.length + block.length > most.excerpt) break;
    excerpt +=
      (isItem(excerpt.slice(excerpt.lastIndexOf('\n') + 1)) || isItem(block) ? '\n' : '\n\n') + block;
  }
  return excerpt.length > most.excerpt * 2 ? `${cut(excerpt, most.excerpt)} …` : excerpt;
}

/** Paragraphs, items of lists, tables, and code, each whole. */
function toBlocks(text: string): readonly string[] {
  const blocks = text.match(/^(```|~~~)[\s\S]*?^\1[^\n]*$|(?:^(?!```|~~~).*\S.*$\n?)+/gm) ?? [];
  return blocks
    .flatMap((block) => (isItem(block) ? block.split(/\n(?=[-*] |\d+\. )/) : [block]))
    .map((block) => block.trimEnd());
}

function isItem(block: string): boolean {
  return /^(?:[-*] |\d+\. )/.test(block);
}

/** Cuts at the end of a line, and closes code that was cut. */
function cut(text: string, length: number): string {
  const short = text.slice(0, Math.max(text.lastIndexOf('\n', length), length / 2)).trimEnd();
  const isOpen = (short.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return isOpen ? `${short}\n\`\`\`` : short;
}
