import MiniSearch from 'minisearch';
import { splitSections } from './split-sections.ts';
import type { Doc, Section } from './split-sections.ts';
import { toQueryTerms, toTerms } from './to-terms.ts';

/** A place in the docs that answers a question. */
export interface Found {
  readonly title: string;
  readonly path: string;
  readonly excerpt: string;
}

/** Finds the sections about a question, best first; none where the docs hold less than half of its words. */
export type DocsSearch = (question: string) => readonly Found[];

const most = { results: 3, excerpt: 700 };

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

/** The paragraph with the most of the words, and those after it while there is room. */
function toExcerpt(text: string, terms: readonly string[]): string {
  const paragraphs = toParagraphs(text);
  const hits = paragraphs.map((paragraph) => {
    const words = toTerms(paragraph);
    return terms.filter((term) => words.some((word) => word.startsWith(term))).length;
  });
  const start = hits.indexOf(Math.max(...hits));
  let excerpt = '';
  for (const paragraph of paragraphs.slice(Math.max(start, 0))) {
    if (excerpt !== '' && excerpt.length + paragraph.length > most.excerpt) break;
    excerpt += excerpt === '' ? paragraph : `\n\n${paragraph}`;
  }
  return excerpt.length > most.excerpt * 2 ? `${cut(excerpt, most.excerpt)} …` : excerpt;
}

/** Blocks between blank lines; code is one block, blank lines or not. */
function toParagraphs(text: string): readonly string[] {
  return (
    text.match(/^(```|~~~)[\s\S]*?^\1[^\n]*$|(?:^(?!```|~~~).*\S.*$\n?)+/gm)?.map((block) => block.trim()) ??
    []
  );
}

/** Cuts at the end of a line, and closes code that was cut. */
function cut(text: string, length: number): string {
  const short = text.slice(0, Math.max(text.lastIndexOf('\n', length), length / 2)).trimEnd();
  const isOpen = (short.match(/^```/gm)?.length ?? 0) % 2 === 1;
  return isOpen ? `${short}\n\`\`\`` : short;
}
