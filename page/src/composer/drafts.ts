import type { Kept } from '../app/kept.ts';

/** Texts that are written but not sent, by name. */
export interface Drafts {
  /** Returns the text of a name; undefined when there is none. */
  get(name: string): string | undefined;
  /** Changes a text, which is empty at first. Undefined deletes it. */
  change(name: string, to: (text: string) => string | undefined): void;
  /** Moves a draft to another name, when a conversation gets its id. */
  rename(from: string, to: string): void;
  subscribe(listener: () => void): () => void;
  /** Keeps the drafts for a reload from now on. The returned function stops that. */
  keepIn(kept: Kept): () => void;
}

/**
 * Creates the drafts of one user from the kept text. They outlast the components that show them: a login may
 * expire in mid-sentence.
 */
export function createDrafts(kept?: string): Drafts {
  const texts = new Map(toTexts(kept));
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const put = (name: string, text: string | undefined): void => {
    if (text === undefined) texts.delete(name);
    else texts.set(name, text);
  };
  const drafts: Drafts = {
    get: (name) => texts.get(name),
    change(name, to) {
      put(name, to(texts.get(name) ?? ''));
      tell();
    },
    rename(from, to) {
      put(to, texts.get(from));
      texts.delete(from);
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    keepIn(place) {
      const keep = (): void => {
        const written = [...texts].filter(([, text]) => text !== '');
        if (written.length === 0) place.forget();
        else place.keep(JSON.stringify(written));
      };
      keep();
      return drafts.subscribe(keep);
    },
  };
  return drafts;
}

function toTexts(kept = '[]'): readonly (readonly [string, string])[] {
  const found: unknown = parse(kept);
  if (!Array.isArray(found)) return [];
  return found.flatMap((pair: unknown): (readonly [string, string])[] => {
    const [name, text]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    return typeof name === 'string' && typeof text === 'string' ? [[name, text]] : [];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Another program wrote the text.
    return undefined;
  }
}
