import type { Store } from '../../src/log/index.ts';
import { RefusalError } from '../../src/protocol/index.ts';

/**
 * A store as one process sees it. The process can die or freeze at any point between a call and its effect.
 */
export interface MortalStore {
  readonly store: Store;
  /**
   * Simulates kill -9: later calls have no effect, and open calls lose their results. Both return values that
   * make the running engine end by itself.
   */
  kill(): void;
  /** Makes calls, and results of open calls, wait until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Makes the next calls fail, before or after their effect. A caller cannot tell the two apart. */
  fail(calls: number, when: 'before' | 'after'): void;
}

/** Results of calls after the death. They make the engine believe that it lost its leases and sessions. */
const lastWords: Readonly<Record<string, unknown>> = {
  append: { type: 'refused', reason: 'fenced' },
  read: { type: 'missing' },
  renew: false,
  release: false,
  due: [],
  list: [],
};

/** Wraps a store so that it can die, freeze or fail. Closing the wrapper leaves the wrapped store open. */
export function createMortalStore(store: Store): MortalStore {
  let dead = false;
  const failures: ('before' | 'after')[] = [];
  let frozen: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Wraps all methods of a part of the store, also those that are added later. */
  const wrap = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        if (name === 'watch')
          return (...args: readonly unknown[]): unknown => Reflect.apply(method, target, args);
        return async (...args: readonly unknown[]): Promise<unknown> => {
          await frozen?.promise;
          if (dead) return lastWords[String(name)];
          const failure = failures.shift();
          if (failure === 'before') throw new RefusalError('unavailable');
          const answer: unknown = await Reflect.apply(method, target, args);
          await frozen?.promise;
          if (failure === 'after') throw new RefusalError('unavailable');
          return dead ? lastWords[String(name)] : answer;
        };
      },
    });

  const parts = new Map(
    Object.entries(store).map(([name, part]) => [name, typeof part === 'object' ? wrap(part) : part]),
  );
  const mortal = new Proxy(store, {
    get: (_, name) => (name === 'close' ? async () => {} : parts.get(String(name))),
  });
  const thaw = (): void => {
    frozen?.resolve();
    frozen = undefined;
  };
  return {
    store: mortal,
    kill: () => {
      dead = true;
      thaw();
    },
    freeze: () => {
      frozen ??= Promise.withResolvers<void>();
    },
    thaw,
    fail: (calls, when) => {
      failures.push(...Array.from({ length: calls }, () => when));
    },
  };
}
