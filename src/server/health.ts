import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Engine } from '../turns/index.ts';
import { json } from './reply.ts';
import type { Route } from './routes.ts';

/**
 * Everybody may ask whether a server is ready, and to find out writes something: not more often than this, in
 * milliseconds.
 */
const againMs = 100;
/**
 * A store that takes longer than this is not ready, in milliseconds: whoever asks does not wait for a lock
 * that another process holds.
 */
const waitMs = 4_000;

/** The routes that machines ask: is the process alive, and is it of use. */
export function healthRoutes(
  store: Store,
  engine: Pick<Engine, 'trouble'>,
  isClosing: () => boolean,
): readonly Route[] {
  let checking: Promise<void> | undefined;
  let checkedAt = -againMs;
  const check = async (): Promise<void> => {
    try {
      // Any answer will do: it shows that the store answers.
      await store.log.read('ready', undefined, 0);
      await store.check?.();
      checkedAt = performance.now();
    } finally {
      checking = undefined;
    }
  };
  return [
    { method: 'GET', path: '/health', acts: false, open: true, handle: () => json(200, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/ready',
      acts: false,
      open: true,
      handle: async () => {
        if (isClosing()) throw new RefusalError('draining');
        if (performance.now() - checkedAt >= againMs) await inTime((checking ??= check()));
        // It was told when it came about.
        if (engine.trouble !== undefined)
          throw new RefusalError('unavailable', 'Turns that another node left are not taken up.');
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
