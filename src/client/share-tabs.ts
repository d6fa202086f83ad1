import type { EventAtId } from './event-at-id.ts';
import type { SharedOptions, Tabs } from './shared/index.ts';
import { toClientEvents } from './to-events.ts';
import type { Events } from './to-events.ts';
import type { Transport } from './transport.ts';

/** One connection for all tabs of a person. */
export interface Sharing {
  /** Follows a session over it, or `alone` after an id where tabs cannot share. */
  follow(
    session: string,
    options: SharedOptions,
    alone: (after?: string) => Events<EventAtId>,
  ): Events<EventAtId>;
  /** Ends it for all tabs. */
  logout(): void;
}

/** Whether there is what tabs need to agree on one of them. Whether it works is known when it was tried. */
export function canShare(): boolean {
  return typeof BroadcastChannel === 'function' && typeof globalThis.navigator?.locks?.request === 'function';
}

/** Shares one connection among the tabs of whoever `shared` names. What that takes is loaded with the first session followed. */
export function shareTabs(transport: Transport, url: string, shared: true | string): Sharing {
  let loading: Promise<Tabs> | undefined;
  let logouts = 0;

  const load = async (): Promise<Tabs> => {
    const { createTabs } = await import('./shared/index.ts');
    return createTabs(transport, url, shared);
  };
  const loadOnce = (): Promise<Tabs | undefined> =>
    (loading ??= load()).catch(() => {
      loading = undefined;
      return undefined;
    });

  return {
    follow: (session, options, alone) =>
      toClientEvents(options.signal, async function* (signal) {
        const before = logouts;
        const tabs = await loadOnce();
        if (logouts !== before || signal.aborted) return;
        if (tabs === undefined) yield* alone().batches();
        else yield* tabs.follow(session, options, alone, signal);
      }),
    logout: () => {
      logouts += 1;
      void loadOnce().then((tabs) => tabs?.logout());
    },
  };
}
