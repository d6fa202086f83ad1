import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import type { Reply, Server } from '../../src/server/index.ts';

/** A server with a page that follows sessions. A cookie names the caller. */
export interface TabsServer {
  readonly url: string;
  readonly server: Server;
  /** The requests that arrived, as `POST /streams`, and when. */
  readonly asked: { readonly what: string; readonly at: number }[];
  /** Returns the number of open stream requests. */
  openStreams(): number;
  /** Returns when the last of them closed. */
  leftAt(): number;
  close(): Promise<void>;
}

/** The events that one tab received. */
export interface Seen {
  readonly ids: readonly string[];
  readonly text: string;
  readonly ends: number;
  readonly live: boolean;
  readonly error?: string;
  /** How often the page came out of the back/forward cache. */
  readonly restored: number;
}

const words = Array.from({ length: 40 }, (_, index) => `wörd${index} 語 `);
/** The agent's answer, which follows the text of the message. */
export const answer: string = words.join('');

const script = `
  import { createClient } from 'heddle/client';
  const query = new URLSearchParams(location.search);
  const shared = query.get('shared') ?? false;
  const client = createClient({ shared });
  let restored = 0;
  addEventListener('pageshow', (event) => { if (event.persisted) restored += 1; });
  const followed = new Map();
  const follow = async (session) => {
    const seen = { ids: [], text: '', ends: 0, live: false };
    followed.set(session, seen);
    const onConnection = (connection) => { seen.live = connection === 'live'; };
    try {
      for await (const { id, event } of client.session(session).events({ onConnection })) {
        if (id) seen.ids.push(id);
        if (event.type === 'content') seen.text += event.data;
        if (event.type === 'message_end') seen.ends += 1;
      }
    } catch (error) { seen.error = error.code; }
  };
  for (const session of query.getAll('session')) follow(session);
  window.tab = {
    seen: (session) => ({ ...followed.get(session), restored }),
    follow: (session) => void follow(session),
    create: async () => (await client.create()).id,
    send: async (session, content) => void (await client.session(session).send(content)),
    logout: () => client.logout(),
    health: async () => { const from = performance.now(); await fetch('/health', { cache: 'no-store' }); return performance.now() - from; },
    spin: (ms) => { const end = performance.now() + ms; while (performance.now() < end); },
  };`;

/** Serves such a page, with the client from source. */
export async function serveTabs(): Promise<TabsServer> {
  const bundle = await build({
    stdin: { contents: script, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['@heddle/source'],
  });
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', '<!doctype html><title>tab</title><script type="module" src="/tab.js"></script>'],
    '/away': ['text/html', '<!doctype html><title>away</title>'],
    '/tab.js': ['text/javascript', bundle.outputFiles[0]?.text ?? ''],
  };
  const page = (path: string): Reply | undefined => {
    const file = files[path];
    return file && { type: 'whole', status: 200, headers: { 'content-type': file[0] }, body: file[1] };
  };
  const agent = defineAgent({
    open: () =>
      async function* ({ input }) {
        yield `${String(input.content)}: `;
        for (const word of words) {
          await delay(10);
          yield word;
        }
      },
  });
  const server = createServer({
    store: memoryStore(),
    agent,
    page,
    gatherMs: 0,
    authenticate: (request) => /user=(\w+)/.exec(request.header('cookie') ?? '')?.[1] ?? 'nobody',
  });
  const asked: { what: string; at: number }[] = [];
  let open = 0;
  let leftAt = 0;
  const listening = await listen(
    {
      ...server,
      handle: async (request) => {
        asked.push({ what: `${request.method} ${request.path}`, at: performance.now() });
        const given = await server.handle(request);
        if (given.type !== 'stream') return given;
        return {
          ...given,
          open: (sink) => {
            open += 1;
            let isOpen = true;
            const left = (): void => {
              if (!isOpen) return;
              isOpen = false;
              open -= 1;
              leftAt = performance.now();
            };
            const stop = given.open({
              write: (text) => sink.write(text),
              get held() {
                return sink.held;
              },
              drained: (wake) => sink.drained(wake),
              close: (how) => {
                left();
                sink.close(how);
              },
            });
            return () => {
              left();
              stop();
            };
          },
        };
      },
    },
    { port: 0 },
  );
  return {
    url: listening.url,
    server,
    asked,
    openStreams: () => open,
    leftAt: () => leftAt,
    close: () => listening.close(0),
  };
}

/** Calls one of the page's own functions. */
export function inTab<T>(page: Page, name: string, ...args: readonly unknown[]): Promise<T> {
  return page.evaluate(
    (method, given) => Reflect.get(Reflect.get(globalThis, 'tab') as object, method)(...given) as unknown,
    name,
    args,
  ) as Promise<T>;
}
