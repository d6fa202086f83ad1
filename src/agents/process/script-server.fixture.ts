import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fieldsOf, listOf, textOf } from '../kit/index.ts';
import type { GivenMessage, Script } from '../kit/oracle.fixture.ts';

/** A server that runs the tools of a script for a process, and notes what the process's model was given. */
export interface ScriptServer {
  readonly port: number;
  readonly given: () => readonly (readonly GivenMessage[])[];
  close(): void;
}

/**
 * Starts a server for one process. The process sends JSON lines: `{ given }`, `{ sync: id }`, `{ run: id, tool, input }`
 * and `{ stop: id }`. It receives `{ id }` for a sync, `{ id, progress }`, and `{ id, output }` or `{ id, error }`.
 */
export async function serveScript({ tools = [] }: Script): Promise<ScriptServer> {
  const given: (readonly GivenMessage[])[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    const stops = new Map<string, AbortController>();
    const run = async (id: string, name: string, input: unknown): Promise<void> => {
      const stop = new AbortController();
      stops.set(id, stop);
      const tell = (line: object): void => void socket.write(`${JSON.stringify({ id, ...line })}\n`);
      try {
        const running = tools.find((tool) => tool.name === name)?.run(input, stop.signal);
        for (;;) {
          const next = await running?.next();
          if (next === undefined || next.done === true) return tell({ output: next?.value ?? '' });
          tell({ progress: next.value });
        }
      } catch (error) {
        tell({ error: String(error) });
      }
    };
    const lines = createInterface({ input: socket });
    // It reports the errors of the socket again: a process that ends with its answers unread resets it.
    lines.on('error', () => {});
    lines.on('line', (text) => {
      const line = fieldsOf(JSON.parse(text));
      if (line['given'] !== undefined) given.push(listOf(line['given']) as GivenMessage[]);
      if (line['sync'] !== undefined) socket.write(`${JSON.stringify({ id: line['sync'] })}\n`);
      if (line['run'] !== undefined) void run(textOf(line['run']), textOf(line['tool']), line['input']);
      stops.get(textOf(line['stop']))?.abort();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    given: () => given,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
