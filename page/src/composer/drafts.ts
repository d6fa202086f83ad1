import type { Kept } from '../app/kept.ts';

/** What is written but not sent, by names that each text belongs to. */
export interface Drafts {
  /** Undefined where nothing was begun. */
  get(name: string): string | undefined;
  /** Changes a text, empty where nothing was begun; undefined drops it. */
  change(name: string, to: (text: string) => string | undefined): void;
  /** A conversation got its name: what was half written in it moves along. */
  rename(from: string, to: string): void;
  subscribe(listener: () => void): () => void;
  /** Keeps them for a reload from now on, until what it answers is called. */
  keepIn(kept: Kept): () => void;
}

/** Makes the drafts of one person, from those that were kept. They outlast what shows them: a sign-in may end in mid-sentence. */
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
    // Somebody else wrote it: it is none of ours.
    return undefined;
  }
}
