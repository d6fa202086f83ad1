import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchServerOptions, RunningServer } from './server.ts';
import { startProgram, toServerFile } from './start-script.ts';

/** Compiles the bare epoll loop in C and starts it. */
export async function startFloor(options: BenchServerOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-'));
  const program = join(folder, 'floor');
  execFileSync('cc', ['-std=gnu17', '-O2', '-Wall', '-o', program, toServerFile('floor.c')]);
  const server = await startProgram([program], [], options);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
