/** What is written but not sent, by names that each text belongs to. */
export interface Drafts {
  /** Undefined where nothing was begun. */
  get(name: string): string | undefined;
  /** Changes a text, empty where nothing was begun; undefined drops it. */
  change(name: string, to: (text: string) => string | undefined): void;
  /** A conversation got its name: what was half written in it moves along. */
  rename(from: string, to: string): void;
  subscribe(listener: () => void): () => void;
}

/** Makes the drafts of one person. They outlast what shows them: a sign-in may end in mid-sentence. */
export function createDrafts(): Drafts {
  const texts = new Map<string, string>();
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const put = (name: string, text: string | undefined): void => {
    if (text === undefined) texts.delete(name);
    else texts.set(name, text);
  };
  return {
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
  };
}
