import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toHaproxyCells, toNginxCells } from './files.ts';
import type { CellPorts } from './files.ts';
import { start } from '../child.ts';
import { temporaryFolder } from '../heddle-serve.ts';
import { findPort } from '../redis-server.ts';

export interface FrontOptions {
  readonly cells: CellPorts;
  /** Lines of `owners.map` of HAProxy: the digest of a key, and its owner. @default none */
  readonly owners?: readonly string[];
  /** Connections that a worker of nginx may have. @default 1024 */
  readonly connections?: number;
}

/** A running proxy with the files of `deploy/cells/`. */
export interface CellsFront {
  readonly url: string;
  /** Writes the files again with a third cell, which gets `movedSlots`, and reloads the proxy. */
  addCell(three: readonly [number, number]): Promise<void>;
  /** Writes the files again as they were, and reloads the proxy. */
  removeCell(): Promise<void>;
  stop(): Promise<void>;
}

const programs = {
  nginx: {
    command: 'nginx',
    args: (folder: string) => ['-p', folder, '-c', join(folder, 'nginx.conf')],
    toFiles: toNginxCells,
    reload: 'SIGHUP',
  },
  HAProxy: {
    command: 'haproxy',
    args: (folder: string) => ['-W', '-db', '-f', join(folder, 'haproxy.cfg')],
    toFiles: toHaproxyCells,
    reload: 'SIGUSR2',
  },
} as const;

export type CellProxy = keyof typeof programs;

/**
 * Starts nginx or HAProxy with the files of `deploy/cells/`. Only ports, paths and the number of connections
 * are changed. Resolves when it passes requests on to each cell.
 */
export async function startCellsFront(name: CellProxy, options: FrontOptions): Promise<CellsFront> {
  const { path: folder, remove } = temporaryFolder();
  const { command, args, toFiles, reload } = programs[name];
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  const write = (cells: CellPorts): void => {
    const files = toFiles({ owners: [], connections: 1024, ...options, cells, port, folder });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  };
  write(options.cells);
  const child = start(command, args(folder));
  const stop = async (): Promise<void> => {
    await child.stop();
    remove();
  };
  /** Waits until a new connection reaches, or no longer reaches, a cell. */
  const wait = async (cell: string, isThere: boolean): Promise<void> => {
    const deadline = performance.now() + 10_000;
    while ((await fetchCell(url, cell)) !== isThere) {
      if (performance.now() > deadline || child.process.exitCode !== null) {
        const output = child.output();
        await stop();
        throw new Error(`${name} does not reach cell ${cell}:\n${output}`);
      }
      await delay(20);
    }
  };
  await wait('one', true);
  await wait('two', true);
  return {
    url,
    addCell: async (three) => {
      write({ ...options.cells, three });
      child.process.kill(reload);
      await wait('three', true);
    },
    removeCell: async () => {
      write(options.cells);
      child.process.kill(reload);
      await wait('three', false);
    },
    stop,
  };
}

/** Returns whether a request without credentials, which names a cell in its URL, reaches that cell. */
async function fetchCell(url: string, cell: string): Promise<boolean> {
  const request = { headers: { connection: 'close' } };
  const response = await fetch(`${url}/session/none?cell=${cell}`, request).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 401 && response.headers.get('heddle-cell') === cell;
}
