import { setTimeout as delay } from 'node:timers/promises';
import { memoryStore } from '../log/index.ts';
import type { Store } from '../log/index.ts';

/** Creates a store in memory whose appends take 40 ms before they can be read. */
export function slowStore(): Store {
  const store = memoryStore();
  return {
    ...store,
    log: {
      ...store.log,
      append: async (...args) => {
        await delay(40);
        return store.log.append(...args);
      },
    },
  };
}
