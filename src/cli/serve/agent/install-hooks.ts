import * as nodeModule from 'node:module';
import { load, resolve } from './hooks.ts';

let isInstalled = false;

/** Has Node load files as `hooks.ts` says, from now on. */
export function installHooks(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { registerHooks, register }: Partial<typeof nodeModule> = nodeModule;
  // From Node 22.15 on; newer ones warn of the other.
  if (registerHooks) registerHooks({ resolve, load });
  else
    register?.(new URL(import.meta.url.endsWith('.ts') ? './hooks.ts' : './agent-hooks.js', import.meta.url));
}
