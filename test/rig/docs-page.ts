import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { DialectOracle } from 'heddle/testing';
import { root, run, start } from './child.ts';
import type { Child } from './child.ts';
import { temporaryFolder } from './heddle-serve.ts';

/** A page of the docs with a `server.ts` that runs, and programs that call it. */
export interface DocsPage {
  readonly text: string;
  /** The code blocks that begin with the name of a file, by that name, without that line. */
  readonly blocks: ReadonlyMap<string, string>;
  /** Where the programs run. It is inside the package, so that names of packages resolve. */
  readonly folder: string;
  /** The URL of the server, once it runs. */
  readonly url: string;
  /** Writes the file of a block, with the server's URL in place of the page's. */
  write(name: string): void;
  /**
   * Runs the program of a block to its end. Resolves with its output. `command` runs it if it is not
   * TypeScript.
   */
  outputOf(name: string, command?: string): Promise<string>;
}

export interface DocsPageOptions {
  /**
   * Files of the project that the programs import, by their paths. They are in the folder before the server
   * runs.
   */
  readonly files?: readonly string[];
  /** Changes the code of a block before it is written. */
  readonly adapt?: (code: string) => string;
}

/** Serves a page for the tests of a file: its server runs on a free port until the last test has ended. */
export function useDocsPage(path: string, options: DocsPageOptions = {}): DocsPage {
  const { files = [], adapt = (code) => code } = options;
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = new Map(
    [...text.matchAll(/```\w+\n(?:\/\/|#) (\S+)\n(.*?)```/gs)].map(([, name = '', code = '']) => [
      name,
      code,
    ]),
  );
  const folder = temporaryFolder(join(root, 'test'));
  let server: Child;
  let url = '';
  const write = (name: string, from = 'http://127.0.0.1:8000', to = url): void => {
    const code = blocks.get(name) ?? '';
    expect(code, name).toContain(from);
    writeFileSync(join(folder.path, name), adapt(code.replaceAll(from, to)));
  };
  beforeAll(async () => {
    for (const file of files)
      writeFileSync(join(folder.path, file.split('/').at(-1) ?? ''), readFileSync(join(root, file)));
    write('server.ts', '{ port: 8000 }', '{ port: 0 }');
    server = run(['server.ts'], { cwd: folder.path });
    [, url = ''] = await server.waitFor(/serving on (\S+)/);
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });
  return {
    text,
    blocks,
    folder: folder.path,
    get url() {
      return url;
    },
    write: (name) => write(name),
    async outputOf(name, command) {
      write(name);
      const at = { cwd: folder.path };
      const child = command === undefined ? run([name], at) : start(command, [name], at);
      await new Promise((resolve) => child.process.on('close', resolve));
      return child.output();
    },
  };
}

/** Returns the list of what clients cannot do, as a page between its marks has it. */
export function toLimitLines(oracles: readonly DialectOracle[]): string {
  const lines = oracles.flatMap(({ name, cannot = {} }) =>
    [...Map.groupBy(Object.entries(cannot), ([, why]) => why)].map(
      ([why, checks]) => `- ${name}: ${checks.map(([check]) => check).join(', ')}. ${why}`,
    ),
  );
  return lines.join('\n');
}
