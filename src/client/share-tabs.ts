import { protocolVersion } from '../protocol/index.ts';
import type { Received } from './received.ts';
import type { EventsOptions } from './session.ts';
import type { Hub } from './shared/hub.ts';
import { toEvents } from './to-events.ts';
import type { Events } from './to-events.ts';
import type { Transport } from './transport.ts';

/** One connection for all tabs of a person. */
export interface Sharing {
  follow(session: string, options?: EventsOptions): Events<Received>;
  /** Ends it for all tabs. */
  logout(): void;
}

/** Whether tabs can agree here on one of them. */
export function canShare(): boolean {
  return typeof BroadcastChannel === 'function' && typeof navigator === 'object' && 'locks' in navigator;
}

/** Shares one connection among the tabs of whoever `shared` names. What that takes is loaded with the first session followed. */
export function shareTabs(transport: Transport, url: string, shared: true | string): Sharing {
  const base = typeof location === 'object' ? new URL(url, location.href).href : url;
  // Tabs of two versions of a page do not understand each other.
  const name = `heddle/${protocolVersion} ${base} ${shared === true ? '' : shared}`;
  let hub: Hub | undefined;

  return {
    follow: (session, options = {}) =>
      toEvents(options.signal, async function* (signal) {
        const { createHub, followShared } = await import('./shared/index.ts');
        hub ??= createHub({ name, transport });
        yield* followShared(hub, session, options, signal);
      }),
    logout: () => hub?.logout(),
  };
}
