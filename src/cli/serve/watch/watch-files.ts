import { statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Files that are watched, each since it was read as of some time. */
export interface WatchedFiles {
  /** Watches a file from the state it had at `mtimeMs`: a change since then counts. */
  add(file: string, mtimeMs: number): void;
  close(): void;
}

/** Editors write a file in several steps. */
const settleMs = 50;

/**
 * Watches files for changes of what is in them: the folders they are in, because most editors put a new file in the place of the old one. `onChange` is
 * told the file; `onOther` is told that some other file of code is new in one of those folders; `onError` that a folder cannot be watched.
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
    // A file that is away for a moment is on its way back.
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
