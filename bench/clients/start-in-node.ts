import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Start } from './start.ts';

const child = fileURLToPath(new URL('follow-child.ts', import.meta.url));

/** Runs a client in a process of its own, because some clients end their process. */
export function startInNode(name: string): Start {
  return async (job, onLine) => {
    const running = spawn(
      process.execPath,
      ['--conditions=@heddle/source', child, name, JSON.stringify(job)],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    createInterface(running.stdout).on('line', onLine);
    const closed = once(running, 'close');
    return {
      exited: closed.then(([code]) => Number(code)),
      async stop() {
        running.kill('SIGKILL');
        await closed;
      },
    };
  };
}
