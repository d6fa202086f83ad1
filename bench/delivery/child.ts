import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { isRecord } from '../../src/protocol/internal.ts';

/** A child process that answers each line of JSON with one line. */
export interface BenchChild {
  readonly pid: number;
  /** The first line of the child. */
  readonly ready: Readonly<Record<string, unknown>>;
  ask(message: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** Kills the child, and resolves when it has exited. */
  stop(): Promise<void>;
}

/** The core of a process: one core is for the servers and one for the load generator. `any` is not pinned. */
export type Core = 'server' | 'load' | 'any';

// The children end with this process.
const running = new Set<ReturnType<typeof spawnPiped>>();
process.once('exit', () => {
  for (const child of running) child.kill();
});

/** Starts a program on its core with the highest limit of open files, and waits for its first line. */
export async function startBenchChild(core: Core, command: readonly string[]): Promise<BenchChild> {
  const child = spawnOn(core, command);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, 'close');
  const read = async (): Promise<Readonly<Record<string, unknown>>> => {
    const { value, done } = await lines.next();
    const answer: unknown = done ? undefined : JSON.parse(value);
    if (!isRecord(answer)) throw new Error(`${command.join(' ')} ended, or did not answer: ${value}`);
    return answer;
  };
  return {
    pid: child.pid ?? NaN,
    ready: await read(),
    ask: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return read();
    },
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Starts a program on its core with the highest limit of open files. */
export function spawnOn(core: Core, command: readonly string[]): ReturnType<typeof spawnPiped> {
  // Each command replaces the one before it, so that the child's process id is the program's.
  const pinned = isPinned && core !== 'any' ? ['taskset', '--cpu-list', cores[core]] : [];
  const raise = ['sh', '-c', 'ulimit -n "$(ulimit -H -n)"; exec "$@"', 'sh'];
  const child = spawnPiped([...raise, ...pinned, ...command]);
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

const cores = { server: '0', load: '1' };

/** Moves a process that runs, with all its threads, to a core. */
export function pin(core: keyof typeof cores, pid: number): void {
  if (!isPinned) return;
  const options = ['--all-tasks', '--cpu-list', '--pid', cores[core], String(pid)];
  execFileSync('taskset', options, { stdio: 'ignore' });
}

/** Whether servers and load generator have a core each. */
export const isPinned: boolean = availableParallelism() > 1 && hasCommand('taskset');

/** Returns whether this machine has a command. */
export function hasCommand(name: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function spawnPiped([command = '', ...args]: readonly string[]) {
  return spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}
