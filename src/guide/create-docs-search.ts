import { setImmediate } from 'node:timers/promises';
import { createIndex } from './create-index.ts';
import { toSections } from './to-sections.ts';
import type { Doc, Passage, Section } from './to-sections.ts';
import { toQueryTerms, toTerms, toTitleTerms } from './to-terms.ts';

/** A place in the docs that answers a question. */
interface DocsAnswer {
  readonly title: string;
  readonly path: string;
  /** Markdown. */
  readonly excerpt: string;
}

/**
 * Returns the sections about a question: at most three, the best first. A section counts if it has at least
 * half of what the question is about; rare words are more of it than common ones.
 */
export type DocsSearch = (question: string) => readonly DocsAnswer[];

const maxAnswers = 3;

/**
 * Indexes documents for full-text search in English and Japanese. Other work of the process runs between
 * one section and the next.
 */
export async function createDocsSearch(docs: readonly Doc[]): Promise<DocsSearch> {
  const sections: Section[] = [];
  const index = createIndex();
  for (const doc of docs) {
    for (const section of toSections(doc)) {
      sections.push(section);
      const texts = section.passages.map(({ text, name }) => ({ text: toTerms(text), name: toTerms(name) }));
      index.add({
        title: toTitleTerms(section.title),
        under: toTitleTerms(section.under),
        passages: texts,
      });
      await setImmediate();
    }
  }
  return (question) => {
    const asked = toQueryTerms(question);
    const words = new Set(asked.flatMap(([word = '']) => word));
    // For "What is a turn?" the row of `turn` is the definition, and the row of the door `turns` is not.
    const wanted = /^\s*what (?:is|are)\b.*?([\w-]+)\W*$/i.exec(question)?.[1]?.toLowerCase();
    const isDefinition = ({ name }: Passage): boolean => name !== '' && name.toLowerCase() === wanted;
    return index
      .search(asked)
      .flatMap(({ at, score, passage }) => {
        const section = sections[at];
        if (section === undefined) return [];
        const { path, title, passages } = section;
        const definition = passages.find(isDefinition);
        const shown = definition ?? passages[passage];
        const weight = toWeight(path, words) * (definition === undefined ? 1 : 20);
        return shown === undefined ? [] : [{ title, path, excerpt: shown.excerpt, score: score * weight }];
      })
      .toSorted((one, other) => other.score - one.score)
      .slice(0, maxAnswers)
      .map(({ title, path, excerpt }) => ({ title, path, excerpt }));
  };
}

/**
 * How far a document answers questions about use: decisions say why, and some pages are for other readers.
 */
const weights: readonly (readonly [RegExp, number])[] = [
  [/decisions\//, 0.4],
  [/^(?:CHANGELOG|CONTRIBUTING)\.md$/, 0.4],
  [/^ARCHITECTURE\.md$/, 0.7],
  [/troubleshooting\.md$/, 0.8],
  [/questions\.md$/, 0.75],
  [/(?:performance|reliability|runtimes|scaling)\.md$/, 0.7],
  [/^(?:README|PROTOCOL|SECURITY)\.md$|(?:tutorial|deployment)\.md$/, 1.15],
];

/** The pages about one product. They answer questions that name it. */
const products =
  /docs\/(?:agents\/)?(a2a|ag-ui|ai-sdk|langgraph|mcp|openai|openai-agents|redis|strands|webhooks)\.md$/;

function toWeight(path: string, asked: ReadonlySet<string>): number {
  const [, product] = products.exec(path) ?? [];
  if (product !== undefined)
    return toTerms(product.replace('-agents', '')).some((term) => asked.has(term)) ? 1.1 : 0.55;
  return weights.find(([paths]) => paths.test(path))?.[1] ?? 1;
}
