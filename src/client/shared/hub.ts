import { createAttention } from '../attention.ts';
import { createKey } from '../create-key.ts';
import type { Resting } from '../keep-trying.ts';
import type { PageChange } from '../page-life.ts';
import type { Transport } from '../transport.ts';
import { openChannel } from './tab-channel.ts';
import { standForElection } from './election.ts';
import { createLeader } from './leader.ts';
import type { Leader } from './leader.ts';
import type { TabMessage, Places } from './tab-message.ts';

/** This tab's part in one connection that all tabs of a user share. */
export interface Hub {
  readonly transport: Transport;
  /** Reports the messages about a session. Returns a function that stops this. */
  subscribe(subscription: Subscription): () => void;
  /** Ends the shared connection for all tabs. */
  logout(): void;
}

interface Subscription {
  readonly session: string;
  /** Returns the last id that this tab has. */
  readonly last: () => string | undefined;
  readonly hear: (message: TabMessage) => void;
  readonly resting?: Resting | undefined;
}

export interface HubOptions {
  /** The name that sharing tabs have in common. It stands for the server and the user. */
  readonly name: string;
  readonly transport: Transport;
  /**
   * How often a tab asks whether the leader still answers, in milliseconds. A browser may limit a hidden tab
   * to once a minute.
   */
  readonly pingMs?: number;
}

/** A tab that takes part: it has the lead, or waits for it. */
interface Membership {
  tell(message: TabMessage): void;
  seize(): void;
  leave(): void;
}

/** After this many unanswered pings in a row, the tab seizes the lead. */
const maxUnheard = 2;
/** How late a leader may notice that its connection is silent, in milliseconds. */
const lateMs = 10_000;

/** Creates a hub. It takes no part while it has no subscriptions, or while the page is put aside. */
export function createHub({ name, transport, pingMs = 5_000 }: HubOptions): Hub {
  const tab = createKey();
  const subscriptions = new Set<Subscription>();
  let membership: Membership | undefined;
  let leader: Leader | undefined;
  let unheard = 0;
  let stopWatching: (() => void) | undefined;
  let isIdle = false;
  const attention = createAttention(
    () => [...subscriptions].every((each) => each.resting?.isQuiet()),
    (now) => {
      isIdle = now;
      want();
    },
  );

  function join(): Membership {
    const channel = openChannel(name, hear);
    const election = standForElection(navigator.locks, name, () => {
      const mine = createLeader(tab, transport, (message) => {
        // A connection that fails for good with this tab's credentials may work with those of the next.
        if (message.type !== 'failed') channel.tell(message);
        hear(message);
      });
      leader = mine;
      channel.tell({ type: 'leading' });
      want();
      return () => {
        mine.stop();
        if (leader === mine) leader = undefined;
      };
    });
    const pings = setInterval(ping, pingMs);
    // In Node a timer would keep the process alive, whatever its connections do.
    if (typeof pings === 'object') pings.unref();
    unheard = 0;
    return {
      tell: channel.tell,
      seize: election.seize,
      leave: () => {
        clearInterval(pings);
        if (!leader) channel.tell({ type: 'wants', tab, places: {}, isIdle: true });
        leader?.stop();
        leader = undefined;
        election.leave();
        channel.close();
      },
    };
  }

  function leave(): void {
    membership?.leave();
    membership = undefined;
  }

  function comeBack(): void {
    membership ??= join();
    want();
  }

  /** Tells the leader which sessions this tab follows. */
  function want(): void {
    const places = toPlaces();
    if (leader) leader.want(tab, places, isIdle);
    else membership?.tell({ type: 'wants', tab, places, isIdle });
  }

  function toPlaces(): Places {
    return Object.fromEntries([...subscriptions].map(({ session, last }) => [session, last() ?? null]));
  }

  function ping(): void {
    if (leader) return;
    // A frozen tab keeps its lock. Unanswered pings show that it is frozen; a late timer does not.
    if (unheard >= maxUnheard) membership?.seize();
    unheard += 1;
    membership?.tell({ type: 'ping', tab });
  }

  function hear(message: TabMessage): void {
    if (message.type === 'wants') return leader?.want(message.tab, message.places, message.isIdle);
    if (message.type === 'ping') {
      leader?.hear(message.tab);
      if (leader) membership?.tell(leader.at());
      return;
    }
    unheard = 0;
    if (message.type === 'leading') return want();
    for (const subscription of subscriptions) subscription.hear(message);
    attention.look();
    // A subscription that learned of a problem may not have ended yet. It must not request the session again.
    for (const { session, problem } of message.type === 'items' ? message.items : [])
      if (problem) forget(session);
    if (message.type === 'logout' || message.type === 'failed') return end();
    if (message.type === 'at' && !leader && message.fare.silentMs > transport.timing.readTimeoutMs + lateMs)
      membership?.seize();
    // The leader may not know of this tab: a channel reaches only the tabs that listened at that time.
    const lacks = message.type === 'at' && Object.keys(toPlaces()).some((each) => !(each in message.places));
    if (lacks) want();
  }

  function forget(session: string): void {
    for (const subscription of subscriptions)
      if (subscription.session === session) subscriptions.delete(subscription);
  }

  /** Drops all subscriptions, and takes no further part. */
  function end(): void {
    subscriptions.clear();
    leave();
    // No page change is reported after this.
    attention.on('shown');
    attention.stop();
    stopWatching?.();
    stopWatching = undefined;
  }

  function onPage(change: PageChange): void {
    attention.on(change);
    if (change === 'left') leave();
    else if (change === 'back') comeBack();
    else if (change === 'shown') ping();
  }

  return {
    transport,
    subscribe(subscription) {
      subscriptions.add(subscription);
      stopWatching ??= transport.timing.watchPage(onPage);
      comeBack();
      attention.look();
      const stopListening = subscription.resting?.onSend(attention.wake);
      return () => {
        stopListening?.();
        if (subscriptions.delete(subscription) && subscriptions.size > 0) want();
        if (subscriptions.size === 0) end();
      };
    },
    logout() {
      // Other tabs may have subscriptions even if this one has none.
      const channel = openChannel(name, () => {});
      channel.tell({ type: 'logout' });
      channel.close();
      hear({ type: 'logout' });
    },
  };
}
