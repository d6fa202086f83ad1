import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { FromWatched } from './connect-watcher.ts';
import { watchFiles } from './watch-files.ts';

export interface WatchOptions {
  readonly agentFile: string;
  /** The arguments of the process that serves, without the port. */
  readonly args: readonly string[];
  readonly warn: (text: string) => void;
}

/**
 * How long a process may take to end, in milliseconds. It is longer than the server waits for an agent that
 * does not stop.
 */
const leaveMs = 8_000;

/**
 * Serves in a child process until a signal ends it. Starts a new child each time a file of the agent changes.
 * The new one takes over the old one's turns, as after any restart. When the agent does not load, it waits
 * for the next change. Resolves with the exit code.
 */
export async function watchAgent({ agentFile, args, warn }: WatchOptions): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  let port: readonly string[] = [];
  for (;;) {
    const served = await serveOnce({ agentFile, args: [...args, ...port], warn }, stop.signal);
    if (served.type === 'ended') return served.code;
    if (served.port !== undefined) port = ['--port', String(served.port)];
    warn(`${served.changed} changed`);
  }
}

type Served =
  | { readonly type: 'ended'; readonly code: number }
  | { readonly type: 'changed'; readonly changed: string; readonly port: number | undefined };

async function serveOnce({ agentFile, args, warn }: WatchOptions, stop: AbortSignal): Promise<Served> {
  const heddle = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, heddle, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit').then(([code]): number => (typeof code === 'number' ? code : 1));
  let port: number | undefined;
  let hasFiles = false;
  let isWaiting = false;
  const changing = Promise.withResolvers<string | undefined>();
  const files = watchFiles({
    onChange: changing.resolve,
    // A file that was missing may exist now.
    onOther: () => isWaiting && changing.resolve(agentFile),
    onError: (error, folder) => warn(`changes in ${folder} are not seen: ${String(error)}`),
  });
  child.on('message', (message: FromWatched) => {
    if (message.type === 'port') port = message.port;
    else {
      hasFiles = true;
      files.add(resolve(message.file), message.mtimeMs);
    }
  });
  stop.addEventListener('abort', () => changing.resolve(undefined), { once: true });
  if (stop.aborted) changing.resolve(undefined);
  try {
    const code = await Promise.race([exited, changing.promise.then(() => undefined)]);
    // It exited on request, or the problem is in no file of the agent.
    if (code === 0 || (code !== undefined && !hasFiles)) return { type: 'ended', code };
    if (code !== undefined) {
      isWaiting = true;
      warn(`waits for a change of ${agentFile} or what it imports`);
    }
    const changed = await changing.promise;
    const last = await leave(child, exited);
    return changed === undefined ? { type: 'ended', code: code ?? last } : { type: 'changed', changed, port };
  } finally {
    files.close();
  }
}

/** Ends a process, even one that an agent keeps busy forever. */
async function leave(child: ChildProcess, exited: Promise<number>): Promise<number> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), leaveMs);
  const code = await exited;
  clearTimeout(timer);
  return code;
}
