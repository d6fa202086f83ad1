import MiniSearch from 'minisearch';
import { splitSections } from './split-sections.ts';
import type { Doc } from './split-sections.ts';
import { toFound } from './to-found.ts';
import type { DocsAnswer } from './to-found.ts';
import { toPassages } from './to-passages.ts';
import type { Passage } from './to-passages.ts';
import { toQueryTerms, toTerms } from './to-terms.ts';
import { weighFor } from './weigh-for.ts';

/** Finds the passages about a question, best first; none where the docs hold less than half of its words. */
export type DocsSearch = (question: string) => readonly DocsAnswer[];

/** Indexes documents by block for full-text search in English and Japanese. */
export function createDocsSearch(docs: readonly Doc[]): DocsSearch {
  const passages = splitSections(docs)
    .flatMap(toPassages)
    .map((passage, id) => ({ ...passage, id }));
  const index = new MiniSearch<Passage>({
    fields: ['title', 'name', 'text', 'around', 'path'],
    tokenize: toTerms,
    searchOptions: {
      boost: { title: 2, around: 0.2, path: 0.5 },
      tokenize: (query) => query.split(' '),
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 5 ? 0.15 : 0),
    },
  });
  index.addAll(passages);
  return (question) => {
    const asked = toQueryTerms(question);
    if (asked.length === 0) return [];
    // A question that shares one word of many with a section is not about it.
    const enough = Math.ceil(asked.length / 2);
    const weigh = weighFor(question);
    const hits = index
      .search(asked.flat().join(' '))
      .filter(({ queryTerms }) => countOf(asked, queryTerms) >= enough)
      .flatMap(({ id, score }) => {
        const passage = passages[Number(id)];
        if (passage === undefined) return [];
        // Many of the words once say more than one of them many times.
        const share = countOf(asked, passage.words) / asked.length;
        return [{ passage, score: score * (0.2 + share ** 2) * weigh(passage) }];
      })
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score);
    return toFound(hits);
  };
}

/** How many of the things asked about are among the words. */
function countOf(asked: readonly (readonly string[])[], words: readonly string[]): number {
  return asked.filter((any) => any.some((term) => words.includes(term))).length;
}
