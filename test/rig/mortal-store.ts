import type { Store } from '../../src/log/index.ts';
import { RefusalError } from '../../src/protocol/index.ts';

/** A store as one process sees it, which may die or freeze at any point between its calls and their effects. */
export interface MortalStore {
  readonly store: Store;
  /** No call has an effect any more, and those under way tell nothing: as after kill -9. What runs on in this process must end by itself. */
  kill(): void;
  /** Calls, and answers to them, wait. */
  freeze(): void;
  thaw(): void;
  /** The next calls fail: before they have an effect, or after it, when nobody can tell. */
  fail(calls: number, when: 'before' | 'after'): void;
}

/** What a dead process would like to hear: that it has lost all. */
const lastWords: Readonly<Record<string, unknown>> = {
  append: { type: 'refused', reason: 'fenced' },
  read: { type: 'missing' },
  renew: false,
  release: false,
  due: [],
  list: [],
};

/** Makes a store mortal. Closing it leaves the store behind it open. */
export function createMortalStore(store: Store): MortalStore {
  let dead = false;
  const failures: ('before' | 'after')[] = [];
  let frozen: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Wraps whatever methods a part of the store has, now and later. */
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
