import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Engine } from '../turns/index.ts';
import { json } from './reply.ts';
import type { Route } from './routes.ts';

/**
 * The shortest time between two checks, in milliseconds. Any client may request `/ready`, and a check writes
 * to the store.
 */
const againMs = 100;
/**
 * The longest wait for the store, in milliseconds. After that the store is not ready, so that a client does
 * not wait for a lock that another process holds.
 */
const waitMs = 4_000;

/** Returns the routes for probes: whether the process is alive, and whether it is ready. */
export function healthRoutes(store: Store, engine: Pick<Engine, 'trouble'>): readonly Route[] {
  let checking: Promise<void> | undefined;
  let checkedAt = -againMs;
  const check = async (): Promise<void> => {
    try {
      // Any result will do: it shows that the store answers.
      await store.log.read('ready', undefined, 0);
      await store.check?.();
      checkedAt = performance.now();
    } finally {
      checking = undefined;
    }
  };
  return [
    {
      method: 'GET',
      path: '/health',
      acts: false,
      open: true,
      // A process that shuts down is alive. A probe that fails would have it killed.
      whileClosing: true,
      handle: () => json(200, { status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/ready',
      acts: false,
      open: true,
      handle: async () => {
        if (performance.now() - checkedAt >= againMs) await inTime((checking ??= check()));
        // The engine reported the error when it happened.
        if (engine.trouble !== undefined)
          throw new RefusalError('unavailable', 'This server cannot take over the turns of other nodes.');
        return json(200, { status: 'ok' });
      },
    },
  ];
}

async function inTime(checked: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RefusalError('unavailable')), waitMs);
  });
  await Promise.race([checked, late]).finally(() => clearTimeout(timer));
}
