import { statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Watched files, each compared with the state it had when it was read. */
export interface WatchedFiles {
  /** Watches a file. A change after `mtimeMs` counts, even one before this call. */
  add(file: string, mtimeMs: number): void;
  close(): void;
}

/** How long to wait for further changes, in milliseconds: editors write a file in several steps. */
const settleMs = 50;

/**
 * Watches files for changes of their content. It watches their folders, because most editors replace the
 * file. `onChange` receives the file. `onOther` is called when another code file in one of those folders
 * changes. `onError` is called when a folder cannot be watched.
 */
export function watchFiles(tell: {
  readonly onChange: (file: string) => void;
  readonly onOther: () => void;
  readonly onError: (error: unknown, folder: string) => void;
}): WatchedFiles {
  const known = new Map<string, number>();
  const folders = new Map<string, () => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOther = false;

  const look = (): void => {
    timer = undefined;
    // A file that is missing for a moment is being replaced.
    const changed = [...known].find(([file, mtimeMs]) => (toTime(file) ?? mtimeMs) !== mtimeMs);
    if (changed) tell.onChange(changed[0]);
    else if (isOther) tell.onOther();
    isOther = false;
  };
  const lookSoon = (): void => {
    timer ??= setTimeout(look, settleMs);
  };
  const watchFolder = (folder: string): void => {
    try {
      const watcher = watch(folder, (_, name) => {
        isOther ||= /^[^.].*\.(?:[cm]?[jt]s|json)$/.test(name ?? '');
        lookSoon();
      });
      watcher.on('error', (error) => tell.onError(error, folder));
      folders.set(folder, () => watcher.close());
    } catch (error) {
      folders.set(folder, () => {});
      tell.onError(error, folder);
    }
  };

  return {
    add(file, mtimeMs) {
      known.set(file, mtimeMs);
      if (!folders.has(dirname(file))) watchFolder(dirname(file));
      if ((toTime(file) ?? mtimeMs) !== mtimeMs) lookSoon();
    },
    close() {
      clearTimeout(timer);
      for (const close of folders.values()) close();
    },
  };
}

function toTime(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
