/** A text that a tab keeps over a reload. */
export interface Kept {
  read(): string | undefined;
  keep(text: string): void;
  forget(): void;
}

/**
 * Keeps a text in the storage of the tab: a reload goes on, and with the tab it is gone. Not in localStorage, where it would outlast
 * its reader and reach tabs that others open later; not in a URL, which is logged, shared and remembered. `open` may throw, as
 * browsers do where storage is turned off, and storage may be full: the text is then kept by the page alone.
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
      // What does not fit must not leave behind what was there before.
      if (attempt((storage) => (storage.setItem(name, text), true)) !== true)
        attempt((storage) => storage.removeItem(name));
    },
    forget() {
      own = undefined;
      attempt((storage) => storage.removeItem(name));
    },
  };
}
