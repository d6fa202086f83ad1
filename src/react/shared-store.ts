import { createSessionStore } from './session-store.ts';
import type { SessionStore, ShareableStore } from './session-store.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionCommands, SessionView } from './session-view.ts';

/**
 * The stores of this page that have listeners. A rendering server has none, so its requests share nothing.
 */
const live = new Set<ShareableStore>();

/**
 * Creates the store of one component. All components that follow one session with the same options share one
 * store behind it, with one connection and one list of messages on their way. Stores whose options differ
 * stay apart, because they may belong to different users. Metadata does not count.
 */
export function createSharedStore(source: SessionSource, options: UseSessionOptions): SessionStore {
  const lone: ShareableStore = createSessionStore(source, options, (isLive) => {
    if (isLive) live.add(lone);
    else live.delete(lone);
  });
  let joined: ShareableStore | undefined;
  let seen: SessionView | undefined;
  let view: SessionView | undefined;

  const findLive = (): ShareableStore | undefined => [...live].find((each) => each.isFor(source, options));
  const find = (): ShareableStore => joined ?? findLive() ?? lone;
  // These functions belong to this component alone, so they stay the same whichever store is behind them.
  const commands: SessionCommands = {
    send: async (...sent) =>
      find()
        .get()
        .send(...sent),
    cancel: async (turn) => find().get().cancel(turn),
    answer: async (...answer) =>
      find()
        .get()
        .answer(...answer),
    withdraw: async (message) => find().get().withdraw(message),
    loadEarlier: async () => find().get().loadEarlier(),
    reconnect: () => find().get().reconnect(),
  };

  return {
    get() {
      const now = find().get();
      if (view === undefined || now !== seen) {
        seen = now;
        view = { ...now, ...commands };
      }
      return view;
    },
    subscribe(listener) {
      joined = findLive() ?? find();
      return joined.subscribe(listener);
    },
    configure: (newer) => find().configure(newer),
    isAt: (other) => find().isAt(other),
  };
}
