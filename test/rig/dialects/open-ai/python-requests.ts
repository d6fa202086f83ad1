import { spawn } from 'node:child_process';
import { EventEmitter, on, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../child.ts';
import type { OpenAiRequest, OpenAiRequests } from './command-requests.ts';

const script = join(root, 'test/rig/dialects/open-ai/open_ai_client.py');

interface Told {
  readonly number: number;
  readonly session?: string | null;
  readonly value?: unknown;
  readonly end?: true;
  readonly error?: string;
}

/** Starts Python with its standard library. It performs all requests of a page. Resolves when it is ready. */
export async function createPythonRequests(): Promise<OpenAiRequests> {
  const child = spawn('python3', ['-I', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  const told = new EventEmitter().setMaxListeners(0);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const what = JSON.parse(line) as Told;
    told.emit(String(what.number), what);
  });
  await once(told, '-1');
  let count = 0;
  return {
    async *run(request: OpenAiRequest, onSession) {
      const number = count++;
      const answers = on(told, String(number)) as AsyncIterable<[Told]>;
      child.stdin.write(`${JSON.stringify({ number, ...request })}\n`);
      for await (const [{ session, value, end, error }] of answers) {
        if (session != null) onSession?.(session);
        if (value !== undefined) yield value;
        if (error !== undefined) throw new Error(error);
        if (end) return;
      }
    },
    close: () => void child.kill(),
  };
}
