/** Where a tab keeps its key over a reload. */
export interface KeptKey {
  read(): string | undefined;
  keep(key: string): void;
  forget(): void;
}

/**
 * Keeps a key in the storage of the tab: a reload goes on, and with the tab the key is gone. Not in localStorage, where it would outlast
 * whoever sat there and reach tabs that others open later; not in a URL, which is logged, shared and remembered. `open` may throw, as
 * browsers do where storage is turned off: the key is then kept by the page alone.
 */
export function createKeptKey(name: string, open: () => Storage): KeptKey {
  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(open());
    } catch {
      return undefined;
    }
  };
  return {
    read: () => attempt((storage) => storage.getItem(name)) ?? undefined,
    keep: (key) => attempt((storage) => storage.setItem(name, key)),
    forget: () => attempt((storage) => storage.removeItem(name)),
  };
}
