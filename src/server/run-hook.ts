import { reportError } from '../turns/index.ts';
import type { OnError } from '../turns/index.ts';

/**
 * Calls a hook and does not wait for it. An error that it throws, or rejects with if it is async, is reported
 * and does not fail the request.
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
