import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './child.ts';
import type { Child } from './child.ts';

/** A running `heddle serve`, from the build, in a process of its own. */
export interface Served {
  readonly url: string;
  readonly port: number;
  readonly child: Child;
}

/**
 * Starts `heddle serve` from the build, and waits until it listens. The port is free unless `args` name one.
 */
export async function heddleServe(
  args: readonly string[] = ['--memory'],
  env: NodeJS.ProcessEnv = {},
): Promise<Served> {
  // After `--` come the flags of a command.
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const port = own.includes('--port') ? [] : ['--port', '0'];
  const child = start(process.execPath, ['dist/cli/heddle.js', 'serve', ...port, ...args], { env });
  const match = await child.waitFor(/on (https?:\/\/[^\s/]+:(\d+))/);
  return { url: match[1] ?? '', port: Number(match[2]), child };
}

/** Creates a folder. `remove` deletes it. */
export function temporaryFolder(parent: string = tmpdir()): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(parent, '.heddle-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
