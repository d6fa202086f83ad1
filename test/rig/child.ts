import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The path of the project's folder. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A child process of a test. */
export interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  /** Resolves with the match as soon as the output has it. Rejects if the process ends before. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  /**
   * Resolves with the result of `find` as soon as it is not undefined. Rejects if the process ends before.
   */
  waitUntil<Found>(find: (output: string) => Found | undefined, what?: RegExp | string): Promise<Found>;
  /** Sends a signal to its process group (SIGKILL by default). Resolves with its exit code after it ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs a program of this project from source, with Node's own type stripping. */
export function run(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Child {
  return start(process.execPath, ['--conditions=@heddle/source', ...args], options);
}

/** Starts any program. */
export function start(
  command: string,
  args: readonly string[],
  { env = {}, cwd = root }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Child {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A process group of its own, so that `stop` also ends the processes it started.
    detached: true,
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  // The `exit` event can come before the last output was read, so this waits for `close`.
  let isClosed = false;
  const exited = once(child, 'close');
  exited.then(
    () => {
      isClosed = true;
      for (const listener of listeners) listener();
    },
    () => {},
  );
  const waitUntil: Child['waitUntil'] = (find, what = 'what was waited for') =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = find(output);
        if (found === undefined && !isClosed) return;
        listeners.delete(check);
        if (found !== undefined) resolve(found);
        else
          reject(
            new Error(
              `The process ended (${child.exitCode ?? child.signalCode}) before it printed ${String(what)}:\n${output}`,
            ),
          );
      };
      listeners.add(check);
      check();
    });
  return {
    process: child,
    output: () => output,
    waitFor: (pattern) => waitUntil((text) => text.match(pattern) ?? undefined, pattern),
    waitUntil,
    stop: async (signal = 'SIGKILL') => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, signal);
      await exited;
      return child.exitCode;
    },
  };
}
