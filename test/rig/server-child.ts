import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A proof's server in a process of its own. */
export interface ServerChild {
  readonly url: string;
  readonly port: number;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code when it is gone. */
  end(): Promise<number | null>;
  /** Stops it where it is (SIGSTOP), and lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Resolves when it has gone by itself. */
  readonly gone: Promise<void>;
  /** What it says about itself. */
  figures(): Promise<string>;
}

/** Starts it and waits until it serves; rejects with what it printed where it does not. */
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
