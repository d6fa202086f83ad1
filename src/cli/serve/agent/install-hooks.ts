import * as nodeModule from 'node:module';
import { load, resolve, tellFiles } from './hooks.ts';

/** Installs the hooks of `hooks.ts`. `onFile` is called with each file, but not on Node 22.13 and 22.14. */
export function installHooks(onFile: (file: string) => void): void {
  const { registerHooks, register }: Partial<typeof nodeModule> = nodeModule;
  tellFiles(onFile);
  // `register` is the fallback: newer versions of Node warn about it.
  if (registerHooks) registerHooks({ resolve, load });
  else
    register?.(new URL(import.meta.url.endsWith('.ts') ? './hooks.ts' : './agent-hooks.js', import.meta.url));
}
