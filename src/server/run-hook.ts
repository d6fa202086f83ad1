import { reportError } from '../turns/index.ts';
import type { OnError } from '../turns/index.ts';

/**
 * Calls a hook that nobody waits for. What it throws, or rejects with where it is an async function, is told,
 * and harms no request.
 */
export function runHook(hook: () => unknown, onError: OnError | undefined): void {
  try {
    const result = hook();
    if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => reportError(onError, error));
  } catch (error) {
    reportError(onError, error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
