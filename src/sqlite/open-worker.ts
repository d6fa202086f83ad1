import { Worker } from 'node:worker_threads';
import { checkRuntime } from './check-runtime.ts';
import type { FromWorker } from './messages.ts';

/** Starts a worker on a file. Rejects with an Error that names the file if it cannot be opened. */
export async function openWorker(path: string, tombstoneMs: number): Promise<Worker> {
  checkRuntime(path);
  // The extension is taken from this module: the compiler rewrites `.ts` to `.js` in imports, but not in this
  // string.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    name: 'heddle-sqlite',
    workerData: { path, tombstoneMs },
    // The worker must not inherit the flags of the process: `--input-type` would stop it. Node 22 prints a
    // warning about its SQLite without this flag. Deno accepts no flags here.
    execArgv: 'Deno' in globalThis ? [] : ['--disable-warning=ExperimentalWarning'],
  });
  return await new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new Error(`The log at ${path} cannot be opened: ${reason}.`));
    worker.once('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve(worker);
      else fail(message.type === 'failed' ? message.reason : 'its worker does not answer as it should');
    });
    // These listeners stay. Once the worker is open, the promise is settled and they change nothing.
    worker.once('error', (error) => fail(error.message));
    worker.once('exit', () => fail('its worker ended'));
  });
}
