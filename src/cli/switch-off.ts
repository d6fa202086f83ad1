import { ExitError } from './serve/exit-error.ts';
import type { Setting } from './setting.ts';

const on: readonly string[] = ['1', 'true', 'yes', 'on'];
const off: readonly string[] = ['0', 'false', 'no', 'off'];

/**
 * Deletes variables that set nothing from an environment: empty ones, as a compose file leaves them, and
 * flags that are switched off. Throws an ExitError for a flag that is neither on nor off.
 */
export function switchOff(settings: readonly Setting[], env: NodeJS.ProcessEnv): void {
  for (const { env: name, form } of settings) {
    const value = name === undefined ? undefined : env[name]?.trim().toLowerCase();
    if (name === undefined || value === undefined) continue;
    if (value === '' || (form === 'flag' && off.includes(value))) delete env[name];
    else if (form === 'flag' && !on.includes(value))
      throw new ExitError(`${name} is "${env[name]}"; set it to 1 or to 0.`);
  }
}
