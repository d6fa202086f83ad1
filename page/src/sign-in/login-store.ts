import type { Kept } from '../app/kept.ts';
import { nobody, toLogin } from './login.ts';
import type { Login } from './login.ts';

/** The current login, and whether the page has to ask for one. */
export interface SignIn {
  readonly login: Login;
  /** `again`: the login has expired. Undefined: the server has not asked. */
  readonly asked?: 'first' | 'again';
  /**
   * How often a user signed out here. The page keeps nothing of a user beyond a sign-out. A refusal does not
   * count.
   */
  readonly signOuts: number;
}

/** The current login, for `useSyncExternalStore`. */
export interface LoginStore {
  get(): SignIn;
  subscribe(listener: () => void): () => void;
  /** Uses the key that this tab kept across a reload. */
  resume(): Promise<void>;
  signIn(key: string): Promise<void>;
  /** Handles a 401 response to a login: the page has to ask for a sign-in. */
  refuse(login: Login): void;
  /** Forgets the key in all open tabs that hold the same one; over plain http only in this tab. */
  signOut(): void;
}

export interface LoginStoreOptions {
  /** Keeps the key for a reload. A refusal and a sign-out delete it. */
  readonly kept: Kept;
  /** The URL of the server. Tabs of other servers are not affected. */
  readonly url: string;
  /** Called at a sign-out, here or in another tab. */
  readonly onSignOut: () => void;
}

/**
 * Creates a store without a login that does not ask for one: most servers authenticate in another way or not
 * at all.
 */
export function createLoginStore({ kept, url, onSignOut }: LoginStoreOptions): LoginStore {
  const listeners = new Set<() => void>();
  let now: SignIn = { login: nobody, signOuts: 0 };
  let channel: BroadcastChannel | undefined;

  function become(login: Login, asked?: SignIn['asked'], signOuts = now.signOuts): void {
    channel?.close();
    channel = login.name === undefined ? undefined : listen(login.name);
    now = { login, signOuts, ...(asked !== undefined && { asked }) };
    for (const listener of listeners) listener();
  }

  function listen(name: string): BroadcastChannel | undefined {
    try {
      const opened = new BroadcastChannel(`heddle sign-out ${url} ${name}`);
      // Every message means a sign-out: the channel has no other use.
      opened.addEventListener('message', leave);
      return opened;
    } catch {
      // A browser that blocks site data may refuse the channel. Each tab then signs out by itself.
      return undefined;
    }
  }

  function leave(): void {
    kept.forget();
    become(nobody, 'first', now.signOuts + 1);
    onSignOut();
  }

  return {
    get: () => now,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async resume() {
      const key = kept.read();
      if (key !== undefined) become(await toLogin(key));
    },
    async signIn(key) {
      const login = await toLogin(key);
      kept.keep(key);
      become(login);
    },
    refuse(login) {
      // A late response to an earlier login says nothing about the current one.
      if (login !== now.login || now.asked !== undefined) return;
      kept.forget();
      become(nobody, login.key === undefined ? 'first' : 'again');
    },
    signOut() {
      // A BroadcastChannel has no target origin: it reaches only its own.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel?.postMessage('out');
      leave();
    },
  };
}
