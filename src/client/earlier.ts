import type { SessionState } from '../protocol/index.ts';
import type { Observable } from './observable.ts';
import { ClientError } from './client-error.ts';
import type { ConversationView } from './conversation-view.ts';
import type { Session } from './session.ts';

export interface EarlierOptions {
  readonly session: Session;
  /** How many messages to load at once, at least. */
  readonly messages: number;
  readonly signal: AbortSignal;
  readonly observed: Observable<ConversationView>;
  /** Loads the state anew, with so many messages more. Resolves when the view has it, or is closed. */
  readonly loadAnew: (more: number) => Promise<void>;
}

/** Returns a function that puts the messages before those of a view in front of them. */
export function createEarlier({
  session,
  messages,
  signal,
  observed,
  loadAnew,
}: EarlierOptions): () => Promise<void> {
  let loading: Promise<void> | undefined;
  return () => (loading ??= load().finally(() => (loading = undefined)));

  async function load(): Promise<void> {
    if (observed.get().state.earlier === undefined) return;
    observed.set({ ...observed.get(), loadingEarlier: true });
    try {
      while (!(await loadOnce()));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      const { loadingEarlier: _, ...view } = observed.get();
      observed.set(view);
    }
  }

  /** Resolves with false if the view begins elsewhere by now: the messages that came are not those before it. */
  async function loadOnce(): Promise<boolean> {
    const before = nameOf(observed.get().state);
    if (before === undefined) {
      await loadAnew(messages);
      return true;
    }
    const page = await session
      .state({ messages, before, signal, tries: Infinity })
      .catch((error: unknown) => (isLeft(error) ? undefined : Promise.reject(error)));
    const { state, ...view } = observed.get();
    if (state.earlier === undefined) return true;
    if (nameOf(state) !== before) return false;
    if (page === undefined) await loadAnew(0);
    else observed.set({ ...view, state: putBefore(state, page) });
    return true;
  }
}

/**
 * Returns the name of the first message, to page back from. Undefined if a page before it could overlap: a
 * message that waits moves to the end when its turn starts.
 */
function nameOf({ messages: [first] }: SessionState): string | undefined {
  return first?.role === 'user' && first.status !== 'waiting' ? first.message : undefined;
}

/** Returns whether the server has no message in force of that name: an edit has left it. */
function isLeft(error: unknown): boolean {
  return error instanceof ClientError && error.status === 400;
}

function putBefore({ earlier: _, ...state }: SessionState, page: SessionState): SessionState {
  return {
    ...state,
    ...(page.earlier && { earlier: page.earlier }),
    messages: [...page.messages, ...state.messages],
  };
}
