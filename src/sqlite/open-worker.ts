import { Worker } from 'node:worker_threads';
import { checkRuntime } from './check-runtime.ts';
import type { FromWorker } from './messages.ts';

/** Starts a worker on a file; rejects with an error that names the file where it cannot be opened. */
export async function openWorker(path: string): Promise<Worker> {
  checkRuntime(path);
  // The extension is this module's own: the compiler turns `.ts` into `.js` in imports, but not in here.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    name: 'heddle-sqlite',
    workerData: { path },
    // Not those of the process: `--input-type` would stop the worker. Node 22 warns of every use of its SQLite; Deno takes no flags here.
    execArgv: 'Deno' in globalThis ? [] : ['--disable-warning=ExperimentalWarning'],
  });
  return await new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new Error(`The log at ${path} cannot be opened: ${reason}.`));
    worker.once('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve(worker);
      else fail(message.type === 'failed' ? message.reason : 'its worker does not answer as it should');
    });
    // These stay: once it is open, they reject what is settled already.
    worker.once('error', (error) => fail(error.message));
    worker.once('exit', () => fail('its worker ended'));
  });
}
