/** A text that a tab keeps across a reload. */
export interface Kept {
  read(): string | undefined;
  keep(text: string): void;
  forget(): void;
}

/**
 * Keeps a text in the tab's storage: it survives a reload and goes with the tab. localStorage would outlast
 * the user and reach tabs that others open later. A URL is logged, shared and remembered. `open` may throw,
 * as browsers do when storage is turned off, and storage may be full. Then only the page keeps the text.
 */
export function createKept(name: string, open: () => Storage): Kept {
  let own: string | undefined;
  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(open());
    } catch {
      return undefined;
    }
  };
  return {
    read: () => own ?? attempt((storage) => storage.getItem(name)) ?? undefined,
    keep(text) {
      own = text;
      // A text that does not fit must not leave the previous one behind.
      if (attempt((storage) => (storage.setItem(name, text), true)) !== true)
        attempt((storage) => storage.removeItem(name));
    },
    forget() {
      own = undefined;
      attempt((storage) => storage.removeItem(name));
    },
  };
}
