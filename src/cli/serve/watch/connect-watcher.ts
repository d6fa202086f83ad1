import { statSync } from 'node:fs';

/** A message to the process that watches this one. */
export type FromWatched =
  | { readonly type: 'file'; readonly file: string; readonly mtimeMs: number }
  | { readonly type: 'port'; readonly port: number };

/** The process that watches this one. It starts another in its place when a file changes. */
export interface Watcher {
  /** Reports that a file is being loaded. */
  tellFile(file: string): void;
  /** Reports the port, so that the next process takes the same one. */
  tellPort(port: number): void;
  /** Aborted when this process has to end. */
  readonly signal: AbortSignal;
}

/** Connects to the process that started and watches this one. */
export function connectWatcher(): Watcher {
  const leaving = new AbortController();
  process.once('disconnect', () => leaving.abort());
  // The channel must not keep the process alive.
  process.channel?.unref();
  const send = (message: FromWatched): void => {
    // Node throws when the other process has exited.
    if (process.connected) process.send?.(message, () => {});
  };
  return {
    tellFile: (file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      if (found) send({ type: 'file', file, mtimeMs: found.mtimeMs });
    },
    tellPort: (port) => send({ type: 'port', port }),
    signal: leaving.signal,
  };
}
