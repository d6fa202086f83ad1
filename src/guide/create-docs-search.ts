import { setImmediate } from 'node:timers/promises';
import MiniSearch from 'minisearch';
import { toPassages } from './to-passages.ts';
import type { Doc, Passage } from './to-passages.ts';
import { toQueryTerms, toTerms } from './to-terms.ts';

/** A place in the docs that answers a question. */
interface DocsAnswer {
  readonly title: string;
  readonly path: string;
  /** Markdown. */
  readonly excerpt: string;
}

/**
 * Returns the sections about a question: at most three, the best first. A section counts if it has at least
 * half of the question's words.
 */
export type DocsSearch = (question: string) => readonly DocsAnswer[];

const maxAnswers = 3;

/**
 * Indexes documents for full-text search in English and Japanese. Other work of the process runs between
 * one passage and the next.
 */
export async function createDocsSearch(docs: readonly Doc[]): Promise<DocsSearch> {
  const passages: Passage[] = [];
  // All passages under one heading have the same section, which is the longest text to read.
  let section = { text: '', terms: toTerms('') };
  const index = new MiniSearch<Passage & { readonly id: number }>({
    fields: ['title', 'name', 'text', 'section'],
    tokenize: (text, field) => {
      if (field !== 'section') return toTerms(text);
      if (text !== section.text) section = { text, terms: toTerms(text) };
      return section.terms;
    },
    searchOptions: {
      tokenize: (query) => query.split(' '),
      boost: { title: 2, name: 2, section: 0.2 },
    },
  });
  for (const doc of docs) {
    for (const passage of toPassages(doc)) {
      index.add({ ...passage, id: passages.push(passage) - 1 });
      await setImmediate();
    }
  }
  return (question) => {
    const asked = toQueryTerms(question);
    // For "What is a turn?" the row of `turn` is the definition, and the row of the door `turns` is not.
    const wanted = /^\s*what (?:is|are)\b.*?([\w-]+)\W*$/i.exec(question)?.[1]?.toLowerCase();
    const isDefinition = ({ name }: Passage): boolean => name !== '' && name.toLowerCase() === wanted;
    const found = index
      .search(asked.flat().join(' '), {
        boostDocument: (id) => {
          const passage = passages[Number(id)];
          return passage === undefined ? 1 : toBoost(passage) * (isDefinition(passage) ? 3 : 1);
        },
      })
      .filter(({ queryTerms }) => countOf(asked, queryTerms) >= asked.length / 2)
      .flatMap(({ id }) => passages[Number(id)] ?? []);
    const sections = Map.groupBy(found, ({ path, title }) => `${path}\n${title}`);
    return [...sections.values()]
      .flatMap(([best]) => best ?? [])
      .slice(0, maxAnswers)
      .map(({ title, path, excerpt }) => ({ title, path, excerpt }));
  };
}

/** A section begins with what it is about. Decisions say why, and most questions are about how. */
function toBoost({ isFirst, path }: Passage): number {
  return (isFirst ? 1.1 : 1) * (path.includes('decisions/') ? 0.4 : 1);
}

/** Returns how many of the things asked about are among the words. */
function countOf(asked: readonly (readonly string[])[], words: readonly string[]): number {
  return asked.filter((any) => any.some((term) => words.includes(term))).length;
}
