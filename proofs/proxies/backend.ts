import { setTimeout as delay } from 'node:timers/promises';
import { forwardedAddress } from '../../src/cli/serve/forwarded-address.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import { toText } from '../../src/protocol/index.ts';
import type { AgentFunction } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { Server, ServerOptions } from '../../src/server/index.ts';
import { createCaller } from '../../test/rig/caller.ts';
import type { Caller } from '../../test/rig/caller.ts';
import { createCuttingProxy } from '../../test/rig/cutting-proxy.ts';

/** A server behind one proxy, and what the checks need of both. */
export interface Behind {
  /** The URL that callers use, without a slash at its end. */
  readonly url: string;
  readonly http2: Caller;
  readonly http1: Caller;
  /** The open streams below `/left`. */
  streams(): number;
  /** The addresses that the server took for those of its callers. */
  addresses(): ReadonlySet<string | undefined>;
  /** Takes the server away. */
  goDown(): void;
  /** Brings it back on its port. */
  comeBack(): Promise<void>;
}

/** The address of Heddle for the proxy in front. */
export interface Backend extends Omit<Behind, 'url'> {
  readonly upstream: string;
  close(): Promise<void>;
}

/**
 * Says what its message asks for: `ticks` is the time, 80 times in five seconds; `history` is 2,000
 * characters and then a word; anything else is a word, and silence.
 */
const agent: AgentFunction = async function* ({ input, signal }) {
  const text = input.type === 'message' ? toText(input.content) : '';
  if (text === 'history') yield 'x'.repeat(2_000);
  yield 'word';
  for (let tick = 0; text === 'ticks' && tick < 80; tick += 1) {
    await delay(60);
    yield `<${performance.now()}>`;
  }
  if (text !== 'ticks') await delay(600_000, undefined, { signal }).catch(() => {});
};

/**
 * Starts a server, and three more below a path: `/silent` has streams without keepalives, `/young` cuts them
 * after two seconds, and `/left` counts those that are open.
 */
export async function startBackend(): Promise<Backend> {
  const store = memoryStore();
  const addresses = new Set<string | undefined>();
  const create = (own: Partial<ServerOptions>): Server =>
    createServer({
      agent,
      store,
      hosts: ['chat.example.com'],
      quotas: forwardedAddress(1),
      onAnswer: ({ address }) => addresses.add(address),
      onWarning: () => {},
      ...own,
    });
  const server = create({});
  const left = create({ basePath: '/left' });
  const below: Readonly<Record<string, Server>> = {
    left,
    silent: create({ basePath: '/silent', keepaliveMs: Infinity }),
    young: create({ basePath: '/young', maxAgeMs: 2_000 }),
  };
  const all = [server, ...Object.values(below)];
  const listening = await listen(
    {
      ...server,
      handle: (request) => (below[request.path.split('/')[1] ?? ''] ?? server).handle(request),
      close: async () => void (await Promise.all(all.map((each) => each.close(0)))),
    },
    { port: 0 },
  );
  const port = Number(new URL(listening.url).port);
  let wire = await createCuttingProxy(port);
  const at = Number(new URL(wire.url).port);
  const callers = { http2: createCaller('HTTP/2'), http1: createCaller('HTTP/1.1') };
  return {
    ...callers,
    upstream: `127.0.0.1:${at}`,
    streams: () => left.load.streams,
    addresses: () => addresses,
    goDown: () => wire.close(),
    comeBack: async () => {
      wire = await createCuttingProxy(port, at);
    },
    close: async () => {
      await Promise.all([callers.http1.close(), callers.http2.close()]);
      wire.close();
      await listening.close(0);
    },
  };
}
