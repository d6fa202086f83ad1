/** The terms of a section, by their fields. */
interface SectionTerms {
  readonly title: readonly string[];
  /** The terms of the document and of the headings above. */
  readonly under: readonly string[];
  readonly passages: readonly { readonly text: readonly string[]; readonly name: readonly string[] }[];
}

/** A section that a search found. */
interface Hit {
  /** The number of the section, in the order in which they were added. */
  readonly at: number;
  readonly score: number;
  /** The number of its best passage. */
  readonly passage: number;
}

/** An index of sections by their terms. */
export interface Index {
  add(section: SectionTerms): void;
  /**
   * Returns the sections that have enough of what is asked. Each item of `asked` is one thing, as the terms
   * that stand for it: the term of the question first, and then its synonyms.
   */
  search(asked: readonly (readonly string[])[]): readonly Hit[];
}

/** How often each term occurs in a field, and how long the field is beside others of its kind. */
interface Field {
  readonly counts: ReadonlyMap<string, number>;
  readonly norm: number;
}

interface Indexed {
  readonly title: Field;
  readonly under: Field;
  readonly body: Field;
  readonly passages: readonly Field[];
}

/** One thing that is asked: the terms that stand for it, each with its weight. */
interface Thing {
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  /** The weight of the thing itself. */
  readonly weight: number;
}

// The weights of the fields, and how much their length counts, from 0 to 1.
const title = { weight: 4.5, length: 0.75, usual: 3 };
const under = { weight: 1.7, length: 0.75, usual: 6 };
const body = { weight: 0.8, length: 0.6, usual: 150 };
const passage = { weight: 0.5, length: 0.3, usual: 40 };
/** How much a heading counts that has next to nothing of what is asked, beside one that has all of it. */
const partly = 0.4;
/** How fast further occurrences of a term count less. */
const saturation = 1;
/** How much a synonym counts beside the word itself; more if the docs do not have the word. */
const synonym = { beside: 0.3, instead: 0.8 };
/**
 * The weight of a word that the docs do not have: less than that of a rare one, because it may be any word.
 */
const unknown = 3;
/** The part of what is asked that a section must have, by weight. */
const enough = 0.4;

/** Creates an index that ranks by BM25 in each field, and sums the fields by their weights. */
export function createIndex(): Index {
  const sections: Indexed[] = [];
  const seen = new Map<string, number>();

  const rarityOf = (term: string): number => {
    const count = seen.get(term) ?? 0;
    return Math.log(1 + (sections.length - count + 0.5) / (count + 0.5));
  };
  const toThing = ([word = '', ...others]: readonly string[]): Thing => {
    const share = seen.has(word) ? synonym.beside : synonym.instead;
    const terms = [
      { term: word, weight: rarityOf(word) },
      ...others.map((term) => ({ term, weight: rarityOf(term) * share })),
    ].filter(({ term }) => seen.has(term));
    return { terms, weight: terms[0] === undefined ? unknown : rarityOf(terms[0].term) };
  };

  return {
    add(section) {
      const all = section.passages.flatMap(({ text }) => text);
      sections.push({
        title: toField(new Set(section.title), section.title.length / title.usual),
        under: toField(new Set(section.under), section.under.length / under.usual),
        body: toField(all, all.length / body.usual),
        passages: section.passages.map(({ text, name }) =>
          toField([...text, ...name, ...name], text.length / passage.usual),
        ),
      });
      for (const term of new Set([...section.title, ...section.under, ...all]))
        seen.set(term, (seen.get(term) ?? 0) + 1);
    },
    search(asked) {
      const things = asked.map(toThing);
      const most = sum(things.map(({ weight }) => weight));
      return sections.flatMap((section, at) => {
        const named = things.map((thing) => scoreIn(section.title, thing, title.length));
        const share = sum(things.map(({ weight }, index) => (named[index] === 0 ? 0 : weight))) / most;
        const found = things.map(
          (thing, index) =>
            title.weight * (named[index] ?? 0) * (partly + (1 - partly) * share) +
            under.weight * scoreIn(section.under, thing, under.length) +
            body.weight * scoreIn(section.body, thing, body.length),
        );
        const covered = sum(things.map(({ weight }, index) => (found[index] === 0 ? 0 : weight))) / most;
        if (!(covered >= enough)) return [];
        const scores = section.passages.map((field, index) => {
          const score = sum(things.map((thing) => scoreIn(field, thing, passage.length)));
          // A section begins with what it is about.
          return index === 0 ? score * 1.2 : score;
        });
        const best = Math.max(...scores);
        const score = (sum(found) + passage.weight * best) * covered ** 0.7;
        // If the heading has all of it, the section is about it from its start.
        return [{ at, score, passage: share === 1 ? 0 : scores.indexOf(best) }];
      });
    },
  };
}

/** Returns how much of a thing is in a field: the most that one of its terms gives. */
function scoreIn({ counts, norm }: Field, { terms }: Thing, length: number): number {
  const scores = terms.map(({ term, weight }) => {
    const count = counts.get(term) ?? 0;
    return (weight * count) / (count + saturation * (1 - length + length * norm));
  });
  return Math.max(0, ...scores);
}

function toField(terms: Iterable<string>, norm: number): Field {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return { counts, norm };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
