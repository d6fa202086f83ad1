import * as nodeModule from 'node:module';
import { load, resolve, tellFiles } from './hooks.ts';

/** Has Node load files as `hooks.ts` says, from now on. `onFile` is told each of them; not on Node 22.13 and 22.14. */
export function installHooks(onFile: (file: string) => void): void {
  const { registerHooks, register }: Partial<typeof nodeModule> = nodeModule;
  tellFiles(onFile);
  // Newer versions of Node warn of the other.
  if (registerHooks) registerHooks({ resolve, load });
  else
    register?.(new URL(import.meta.url.endsWith('.ts') ? './hooks.ts' : './agent-hooks.js', import.meta.url));
}
