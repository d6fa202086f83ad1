import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBenchChild } from './child.ts';
import type { RunningServer, BenchServerOptions } from './server.ts';

/**
 * Starts a server that is a script of `servers/`. `program` runs it as
 * `<script> <keepaliveMs> …<args> <folder>`.
 */
export function startScript(
  program: readonly string[],
  script: string,
  args: readonly string[],
  options: BenchServerOptions,
): Promise<RunningServer> {
  return startProgram([...program, toServerFile(script)], args, options);
}

/** Starts a server that answers lines of JSON, as `<command> <keepaliveMs> …<args> <folder>`. */
export async function startProgram(
  command: readonly string[],
  args: readonly string[],
  { streams, keepaliveMs = 15_000 }: BenchServerOptions,
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-'));
  const child = await startBenchChild('server', [...command, String(keepaliveMs), ...args, folder]);
  await child.ask({ type: 'prepare', streams });
  return {
    port: Number(child.ready['port']),
    pids: [child.pid],
    path: (stream) => `/stream/${stream}`,
    say: async (speech) => void (await child.ask({ type: 'say', ...speech })),
    collect: async () => void (await child.ask({ type: 'collect' })),
    remember: async (stream, entries) =>
      String((await child.ask({ type: 'remember', stream, entries }))['after']),
    stop: async () => {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the path of a file of `servers/`. */
export function toServerFile(name: string): string {
  return fileURLToPath(new URL(`servers/${name}`, import.meta.url));
}

/** The command that runs the scripts of this benchmark in Node. */
export const node: readonly string[] = [
  process.execPath,
  '--conditions=@heddle/source',
  '--no-warnings',
  '--expose-gc',
];
