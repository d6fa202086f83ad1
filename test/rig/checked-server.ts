import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Dialect } from 'heddle/dialects';
import type { StartCheckedServer } from 'heddle/testing';
import { createMortalStore } from './mortal-store.ts';

/** Longer than a lease, in milliseconds. */
const leaseStep = 11_000;

/** Returns a function that starts servers with these dialects, for the checks of `dialectContract`. */
export function startWith(...dialects: readonly Dialect[]): StartCheckedServer {
  return async (agent) => {
    let offset = 0;
    const store = memoryStore({ now: () => Date.now() + offset });
    const start = async (port: number): Promise<{ readonly listening: Listening; kill(): void }> => {
      const mortal = createMortalStore(store);
      const server = createServer({
        agent,
        store: mortal.store,
        dialects,
        gatherMs: 0,
        dueMs: 5,
        cancelMs: 50,
        onError: () => {},
        authenticate: (request) => /^Bearer (.+)$/.exec(request.header('authorization') ?? '')?.[1],
      });
      return { listening: await listen(server, { port }), kill: mortal.kill };
    };
    let node = await start(0);
    const { url } = node.listening;
    return {
      url,
      async takeOver() {
        node.kill();
        await node.listening.close(0);
        offset += leaseStep;
        node = await start(Number(new URL(url).port));
      },
      close: async () => {
        await node.listening.close(0);
        await store.close();
      },
    };
  };
}
