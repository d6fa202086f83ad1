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

/** This tab's part in sharing one connection among all tabs of one person. */
export interface Hub {
  readonly transport: Transport;
  /** Listens to what comes of a session, until what it answers is called. */
  subscribe(subscription: Subscription): () => void;
  /** Ends it for all tabs. */
  logout(): void;
}

interface Subscription {
  readonly session: string;
  /** The last id this tab has. */
  readonly last: () => string | undefined;
  readonly hear: (message: TabMessage) => void;
  readonly resting?: Resting | undefined;
}

export interface HubOptions {
  /** What the tabs that share have in common: the server and the person. */
  readonly name: string;
  readonly transport: Transport;
  /** How often a tab asks whether the leader still answers, in milliseconds. A hidden tab may be let do so once a minute only. */
  readonly pingMs?: number;
}

/** A tab that takes part: it has the lead, or waits for it. */
interface Membership {
  tell(message: TabMessage): void;
  seize(): void;
  leave(): void;
}

/** So many pings in a row that nobody answers, and the lead is seized. */
const maxUnheard = 2;
/** What a leader may be late in noticing that its connection is silent, in milliseconds. */
const lateMs = 10_000;

/** Makes a hub. It holds nothing while nobody listens, nor while the page is put aside. */
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
        // What fails for good with the credentials of this tab may not with those of the next one.
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

  /** Says what this tab wants. */
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
    // A frozen tab keeps its lock. A timer that was late is no sign of it: only pings that nobody answered are.
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
    // Whoever was told so has not always left yet, and must not ask for it again.
    for (const { session, problem } of message.type === 'items' ? message.items : [])
      if (problem) forget(session);
    if (message.type === 'logout' || message.type === 'failed') return end();
    if (message.type === 'at' && !leader && message.fare.silentMs > transport.timing.readTimeoutMs + lateMs)
      membership?.seize();
    // The leader may have heard nothing of this tab: a channel reaches only who listened by then.
    const lacks = message.type === 'at' && Object.keys(toPlaces()).some((each) => !(each in message.places));
    if (lacks) want();
  }

  function forget(session: string): void {
    for (const subscription of subscriptions)
      if (subscription.session === session) subscriptions.delete(subscription);
  }

  /** Nobody listens any more. */
  function end(): void {
    subscriptions.clear();
    leave();
    // Nobody tells it any more what becomes of the page.
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
      // Also where nobody listens here: others may.
      const channel = openChannel(name, () => {});
      channel.tell({ type: 'logout' });
      channel.close();
      hear({ type: 'logout' });
    },
  };
}
