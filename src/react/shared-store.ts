import { createSessionStore } from './session-store.ts';
import type { SessionStore, ShareableStore } from './session-store.ts';
import type { SessionSource, UseSessionOptions } from './session-source.ts';
import type { SessionCommands, SessionView } from './session-view.ts';

/** The stores of this page that have listeners. A server that renders has none: nothing is shared between its requests. */
const live = new Set<ShareableStore>();

/**
 * Makes the store of one component. All that follow one session in the same way, from whatever components, are one store behind it: one
 * connection, and one list of what is being sent. What differs in its options, but for the metadata, stays apart: it may be another
 * person's.
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
  // Of this component alone, so that they stay the same whichever store is behind it.
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
