import type { EventAtId } from './event-at-id.ts';
import type { SharedOptions, Tabs } from './shared/index.ts';
import { toClientEvents } from './to-events.ts';
import type { Events } from './to-events.ts';
import type { Transport } from './transport.ts';

/** One connection for all tabs of a user. */
export interface Sharing {
  /**
   * Follows a session over the shared connection. If tabs cannot share, it calls `alone` with the id after
   * which to continue.
   */
  follow(
    session: string,
    options: SharedOptions,
    alone: (after?: string) => Events<EventAtId>,
  ): Events<EventAtId>;
  /** Ends the shared connection for all tabs. */
  logout(): void;
}

/** Returns whether the APIs exist with which tabs can elect a leader. Only a try shows whether they work. */
export function canShare(): boolean {
  return typeof BroadcastChannel === 'function' && typeof globalThis.navigator?.locks?.request === 'function';
}

/**
 * Shares one connection among the tabs of the user that `shared` names. The code for it is loaded when the
 * first session is followed.
 */
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
