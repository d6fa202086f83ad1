import type { Kept } from '../app/kept.ts';
import { nobody, toLogin } from './login.ts';
import type { Login } from './login.ts';

/** Who is signed in, and whether that has to be asked. */
export interface SignIn {
  readonly login: Login;
  /** `again`: who was signed in is so no more. Undefined: the server has not asked. */
  readonly asked?: 'first' | 'again';
  /** How often somebody signed out here: nothing that the page holds of a person outlasts that. A refusal is none. */
  readonly signOuts: number;
}

/** Who is signed in, for `useSyncExternalStore`. */
export interface LoginStore {
  get(): SignIn;
  subscribe(listener: () => void): () => void;
  /** Takes up the key that this tab kept over a reload. */
  resume(): Promise<void>;
  signIn(key: string): Promise<void>;
  /** The server answered 401 to a login: it has to be asked who this is. */
  refuse(login: Login): void;
  /** Forgets the key, in all open tabs that hold the same one; over plain http in this one alone. */
  signOut(): void;
}

export interface LoginStoreOptions {
  /** Where the key is for a reload; forgotten at a refusal and a sign-out. */
  readonly kept: Kept;
  /** Where the server is: tabs of another one are not concerned. */
  readonly url: string;
  /** Called at a sign-out, here or in another tab. */
  readonly onSignOut: () => void;
}

/** Makes a store in which nobody is signed in, and nobody was asked: most servers know their callers without, or need not know. */
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
      // Whatever is said on it: it is for one thing.
      opened.addEventListener('message', leave);
      return opened;
    } catch {
      // A browser that blocks site data may refuse it: each tab then signs out for itself.
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
      // A late answer to somebody who has left says nothing about who is here.
      if (login !== now.login || now.asked !== undefined) return;
      kept.forget();
      become(nobody, login.key === undefined ? 'first' : 'again');
    },
    signOut() {
      // A BroadcastChannel has no target origin: it reaches its own only.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel?.postMessage('out');
      leave();
    },
  };
}
