import { agUi } from '../../src/dialects/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import type { Listening } from '../../src/node/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { StartCheckedServer } from '../../src/testing/index.ts';
import { createMortalStore } from '../rig/mortal-store.ts';
import type { MortalStore } from '../rig/mortal-store.ts';

/** Starts a server with the dialect AG-UI. The owner of a request is its bearer token. */
export const startAgUi: StartCheckedServer = async (agent) => {
  const store = memoryStore();
  const startNode = async (port: number): Promise<{ mortal: MortalStore; listening: Listening }> => {
    const mortal = createMortalStore(store);
    const server = createServer({
      agent,
      store: mortal.store,
      dialects: [agUi()],
      authenticate: (request) => /^Bearer (.+)$/.exec(request.header('authorization') ?? '')?.[1],
      gatherMs: 0,
      leaseMs: 400,
      dueMs: 50,
      onError: () => {},
      onWarning: () => {},
    });
    return { mortal, listening: await listen(server, { port }) };
  };
  let node = await startNode(0);
  const { url } = node.listening;
  return {
    url,
    async takeOver() {
      node.mortal.kill();
      node.listening.http.closeAllConnections();
      await node.listening.close(0);
      node = await startNode(Number(new URL(url).port));
    },
    close: () => node.listening.close(0),
  };
};
