import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, for tests and proofs. */
export interface ServerChild {
  readonly url: string;
  readonly port: number;
  /** Sends SIGKILL. Resolves when the process has ended. */
  kill(): Promise<void>;
  /** Sends SIGTERM. Resolves with the exit code. */
  end(): Promise<number | null>;
  /** Stops the process with SIGSTOP; `thaw` continues it. */
  freeze(): void;
  thaw(): void;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  /** Resolves with one line of JSON: load, active resources and memory. */
  figures(): Promise<string>;
}

/** Starts a server and waits until it listens. Rejects with its first line if that is not its URL. */
export async function startServerChild(
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Promise<ServerChild> {
  const script = fileURLToPath(new URL('server-child-main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--conditions=@heddle/source', '--disable-warning=ExperimentalWarning', ...nodeArgs, script, ...args],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const gone = once(child, 'close').then(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  const url = /on (http:\S+)/.exec(String(first.value))?.[1];
  if (url === undefined) throw new Error(`The server did not start: ${String(first.value)}`);
  return {
    url,
    port: Number(new URL(url).port),
    gone,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    end: async () => {
      child.kill('SIGTERM');
      await gone;
      return child.exitCode;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    figures: async () => {
      child.stdin.write('figures\n');
      return String((await lines.next()).value);
    },
  };
}
