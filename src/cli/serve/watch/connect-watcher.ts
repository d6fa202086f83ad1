import { statSync } from 'node:fs';

/** What the process that watches this one is told. */
export type FromWatched =
  | { readonly type: 'file'; readonly file: string; readonly mtimeMs: number }
  | { readonly type: 'port'; readonly port: number };

/** The process that watches this one, and starts another in its place when a file changes. */
export interface Watcher {
  /** A file is being loaded. */
  tellFile(file: string): void;
  /** It listens: the next one takes the same port. */
  tellPort(port: number): void;
  /** Aborted when this process has to make place. */
  readonly signal: AbortSignal;
}

/** Connects to the process that started this one to watch it. */
export function connectWatcher(): Watcher {
  const leaving = new AbortController();
  process.once('disconnect', () => leaving.abort());
  // It does not keep the process by itself.
  process.channel?.unref();
  const send = (message: FromWatched): void => {
    // Node throws where the other one has gone.
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
