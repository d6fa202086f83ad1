import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { keepUntilExit } from './keep-until-exit.ts';

/** A process of an agent, as a worker sees it. No method throws, also not after the process has ended. */
export interface AgentProcess {
  write(line: object): void;
  endInput(): void;
  /** Sends a signal to the process and all that it started. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  pauseOutput(): void;
  resumeOutput(): void;
}

interface ProcessListener {
  /** Takes a piece of the standard output. */
  readonly onOutput: (text: string) => void;
  /** Takes a piece of the standard error. */
  readonly onErrorOutput: (text: string) => void;
  /** Called once, after all output, with a clause about how the process ended. */
  readonly onGone: (how: string) => void;
}

/** Starts a process. If the command cannot be started, `onGone` reports it after this returns. */
export type LaunchProcess = (listener: ProcessListener) => AgentProcess;

/** The command of an agent. */
export interface AgentCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string | undefined;
  /** How long output may take to arrive after the process has ended, in milliseconds. */
  readonly flushMs: number;
}

const isWindows = process.platform === 'win32';

/**
 * Creates the function that starts a command. The process leads a group of its own, so that a signal reaches all
 * that it starts, and a Ctrl-C of the terminal does not end it before its turns.
 */
export function createLaunch({ command, args, env, cwd, flushMs }: AgentCommand): LaunchProcess {
  return ({ onOutput, onErrorOutput, onGone }) => {
    const child = trySpawn({ command, args, env, cwd });
    if (child instanceof Error) {
      // Later, because the caller does not have its process yet.
      setImmediate(() => onGone(toSpawnFailure(child, command, cwd)));
      return noProcess;
    }
    const send = (name: NodeJS.Signals): void => signalGroup(child, name);
    const forget = keepUntilExit(() => send('SIGKILL'));
    child.stdout.setEncoding('utf8').on('data', onOutput);
    child.stderr.setEncoding('utf8').on('data', onErrorOutput);
    // A write after the process has ended fails. `onGone` reports how it ended.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
    tellEnd(child, { flushMs, toSpawnFailure: (error) => toSpawnFailure(error, command, cwd) }, (how) => {
      forget();
      onGone(how);
    });
    return {
      write: (line) => void (child.stdin.writable && child.stdin.write(`${JSON.stringify(line)}\n`)),
      endInput: () => void child.stdin.end(),
      signal: send,
      pauseOutput: () => void child.stdout.pause(),
      resumeOutput: () => void child.stdout.resume(),
    };
  };
}

const noProcess: AgentProcess = {
  write() {},
  endInput() {},
  signal() {},
  pauseOutput() {},
  resumeOutput() {},
};

/**
 * Starts a process. Node throws some failures, such as a name with a null byte. Without free file descriptors, it
 * reports an error on a child that has no streams.
 */
function trySpawn({
  command,
  args,
  env,
  cwd,
}: Omit<AgentCommand, 'flushMs'>): ChildProcessWithoutNullStreams | Error {
  try {
    const child: ChildProcess = spawn(command, args, {
      env,
      ...(cwd !== undefined && { cwd }),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: !isWindows,
      windowsHide: true,
    });
    if (isPiped(child)) return child;
    child.on('error', () => {});
    return new Error('this process has no free file descriptors');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isPiped(child: ChildProcess): child is ChildProcessWithoutNullStreams {
  return child.stdin != null && child.stdout != null && child.stderr != null;
}

interface EndOptions {
  readonly flushMs: number;
  readonly toSpawnFailure: (error: Error) => string;
}

function tellEnd(
  child: ChildProcess,
  { flushMs, toSpawnFailure }: EndOptions,
  onGone: (how: string) => void,
): void {
  let told = false;
  const tell = (how: string): void => {
    if (told) return;
    told = true;
    onGone(how);
  };
  child.on('error', (error) => {
    // Node also reports a signal that could not be sent. That process goes on.
    if (child.pid === undefined) tell(toSpawnFailure(error));
  });
  child.on('exit', (code, signal) => {
    const how = signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}`;
    // A child of the process may hold its output open, and must not outlive it.
    signalGroup(child, 'SIGKILL');
    child.stdout?.resume();
    const timer = setTimeout(() => {
      tell(how);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, flushMs);
    child.on('close', () => {
      clearTimeout(timer);
      tell(how);
    });
  });
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // The whole group has ended.
  }
}

function toSpawnFailure(error: Error, command: string, cwd: string | undefined): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' && cwd !== undefined && !existsSync(cwd))
    return `cannot start: there is no folder ${cwd}`;
  if (code === 'ENOENT') return `cannot start: there is no command ${command}`;
  if (code === 'EACCES') return `cannot start: ${command} may not be run`;
  return `cannot start: ${error.message}`;
}
