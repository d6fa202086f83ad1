import { onTestFinished, vi } from 'vitest';
import type { FetchLike } from '../client/index.ts';
import { memoryStore } from '../log/index.ts';
import { defineAgent, toText } from '../protocol/index.ts';
import type { AgentEvent, Turn } from '../protocol/index.ts';
import { createServer } from '../server/index.ts';
import { createSessionStore } from './session-store.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionView } from './session-view.ts';

export const url = 'http://127.0.0.1';

/** A server in this process, and stores that talk to it. */
export interface Served {
  /** The requests received, as `POST /session`. */
  readonly requests: readonly string[];
  /** Returns how many streams are open. */
  streams(): number;
  readonly fetch: FetchLike;
  /** Creates a store, with a listener until the test is over. */
  open(source?: SessionSource, options?: UseSessionOptions): Opened;
}

interface Opened extends SessionStore {
  /** Every view that was reported. */
  readonly views: readonly SessionView[];
  /** Resolves with the first current or later view for which the condition holds. */
  until(holds: (view: SessionView) => boolean): Promise<SessionView>;
  close(): void;
}

/** Serves an agent. `around` wraps the `fetch` between the stores and the server. */
export function serve(
  agent: (turn: Turn) => AsyncIterable<AgentEvent> = echo,
  around: (fetch: FetchLike) => FetchLike = (fetch) => fetch,
): Served {
  const server = createServer({
    agent: defineAgent({ open: () => agent }),
    store: memoryStore(),
    gatherMs: 0,
    onError: () => {},
  });
  onTestFinished(() => server.close(0));
  const requests: string[] = [];
  const streams = new Set<AbortSignal>();
  const direct: FetchLike = async (target, init) => {
    const { pathname } = new URL(target);
    requests.push(`${init.method} ${pathname}`);
    if (pathname.startsWith('/stream/')) {
      streams.add(init.signal);
      init.signal.addEventListener('abort', () => streams.delete(init.signal));
    }
    return server.fetch(new Request(target, init));
  };
  const fetch = around(direct);
  return {
    requests,
    streams: () => streams.size,
    fetch,
    open(source = url, options = {}) {
      const store = createSessionStore(source, { fetch, ...options });
      const views: SessionView[] = [];
      const close = store.subscribe(() => views.push(store.get()));
      onTestFinished(close);
      const until = (holds: (view: SessionView) => boolean): Promise<SessionView> =>
        vi.waitFor(() => {
          if (!holds(store.get())) throw new Error(`It is ${JSON.stringify(store.get())}.`);
          return store.get();
        }, 5_000);
      return { ...store, views, until, close };
    },
  };
}

async function* echo({ input }: Turn): AsyncGenerator<AgentEvent> {
  yield `You said ${toText(input.content)}.`;
}

export const isOver = ({ messages, status }: SessionView): boolean =>
  status === 'ready' && messages.some((message) => message.role === 'agent');
