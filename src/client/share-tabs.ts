import { protocolVersion } from '../protocol/index.ts';
import type { Received } from './received.ts';
import type { EventsOptions } from './session.ts';
import type { Hub, followShared } from './shared/index.ts';
import { toEvents } from './to-events.ts';
import type { Events } from './to-events.ts';
import type { Transport } from './transport.ts';

/** One connection for all tabs of a person. */
export interface Sharing {
  /** Follows a session over it, or `alone` where what it takes cannot be loaded or is refused. */
  follow(session: string, options: EventsOptions, alone: () => Events<Received>): Events<Received>;
  /** Ends it for all tabs. */
  logout(): void;
}

/** Whether there is what tabs need to agree on one of them. Whether it works is known when it was tried. */
export function canShare(): boolean {
  return typeof BroadcastChannel === 'function' && typeof globalThis.navigator?.locks?.request === 'function';
}

/** Shares one connection among the tabs of whoever `shared` names. What that takes is loaded with the first session followed. */
export function shareTabs(transport: Transport, url: string, shared: true | string): Sharing {
  // What is asked for, from whatever page.
  const target = typeof location === 'object' ? new URL(`${url}/streams`, location.href).href : url;
  // Tabs of two versions of a page do not understand each other.
  const name = `heddle/${protocolVersion} ${target} ${shared === true ? '' : shared}`;
  let loading: Promise<Loaded | undefined> | undefined;
  let logouts = 0;

  const load = async (): Promise<Loaded | undefined> => {
    const { canAgree, createHub, followShared } = await import('./shared/index.ts');
    if (!(await canAgree(name, transport.timing))) return undefined;
    return { hub: createHub({ name, transport }), followShared };
  };
  const loadOnce = (): Promise<Loaded | undefined> =>
    (loading ??= load()).catch(() => {
      loading = undefined;
      return undefined;
    });

  return {
    follow: (session, options, alone) =>
      toEvents(options.signal, async function* (signal) {
        const before = logouts;
        const loaded = await loadOnce();
        if (logouts !== before || signal.aborted) return;
        if (loaded === undefined) yield* alone().batches();
        else yield* loaded.followShared(loaded.hub, session, options, signal);
      }),
    logout: () => {
      logouts += 1;
      void loadOnce().then((loaded) => loaded?.hub.logout());
    },
  };
}

interface Loaded {
  readonly hub: Hub;
  readonly followShared: typeof followShared;
}
