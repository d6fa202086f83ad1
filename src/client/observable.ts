import { callHandler } from './call-handler.ts';

/** A value that changes, and its listeners. */
export interface Observable<Value> {
  /** Returns the value; the same object until it changes. */
  get(): Value;
  set(value: Value): void;
  /** Calls `listener` once for all changes of one microtask. Returns a function that unsubscribes it. */
  subscribe(listener: () => void): () => void;
  /** Resolves as soon as a condition holds. */
  until(holds: (value: Value) => boolean): Promise<void>;
}

/** Creates an observable with its first value. */
export function createObservable<Value>(first: Value): Observable<Value> {
  const listeners = new Set<() => void>();
  let value = first;
  let isDue = false;

  const subscribe = (listener: () => void): (() => void) => {
    // The same function given twice is two subscriptions, and each is removed on its own.
    const own = (): void => listener();
    listeners.add(own);
    return () => void listeners.delete(own);
  };
  return {
    get: () => value,
    set(next) {
      value = next;
      if (isDue) return;
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        for (const listener of listeners) callHandler(listener);
      });
    },
    subscribe,
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds(value)) return;
          stop();
          resolve();
        };
        const stop = subscribe(look);
        look();
      }),
  };
}
