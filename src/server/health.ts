import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { json } from './answer.ts';
import type { Route } from './routes.ts';

/** The routes that machines ask: is the process alive, and is it of use. */
export function healthRoutes({ log }: Store, isClosing: () => boolean): readonly Route[] {
  return [
    { method: 'GET', path: '/health', acts: false, open: true, handle: () => json(200, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/ready',
      acts: false,
      open: true,
      handle: async () => {
        if (isClosing()) throw new RefusalError('draining');
        // Any answer will do: it shows that the store answers.
        await log.read('ready', undefined, 0);
        return json(200, { status: 'ok' });
      },
    },
  ];
}
