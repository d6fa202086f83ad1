import { createClient } from 'heddle/client';
import type { Client, ClientOptions, FetchLike } from 'heddle/client';
import { toHeaders } from '../sign-in/login.ts';
import type { Login } from '../sign-in/login.ts';
import type { LoginStore } from '../sign-in/login-store.ts';

/** How long a body may be, in UTF-16 units, so that several fit. */
const longestKept = 4_096;

/** How the page talks to its server for one login. */
export interface Connected {
  readonly client: Client;
  /** For all that makes a client of its own. */
  readonly options: Omit<ClientOptions, 'url'>;
}

/** Connects to the server at a URL as somebody. Whoever it does not let in is refused to the logins, at the first request that tells. */
export function connect(url: string, login: Login, logins: Pick<LoginStore, 'get' | 'refuse'>): Connected {
  const fetch: FetchLike = async (...ask) => {
    // What is tried again after a sign-out is not sent at all: without its key it might be taken for somebody else's.
    if (logins.get().login !== login) return new Response(undefined, { status: 401 });
    const [url, init] = ask;
    // What somebody sends is sent though the tab is closed in that moment. Browsers take 64 KiB in all for that.
    const keepalive = init.method !== 'GET' && (init.body?.length ?? 0) < longestKept;
    const answer = await globalThis.fetch(url, { ...init, keepalive });
    if (answer.status === 401) logins.refuse(login);
    return answer;
  };
  const options: Connected['options'] = {
    fetch,
    // No function: there is no other key to try, so a refusal is final, and what was sent is back in its box at once.
    headers: toHeaders(login),
    // Tabs of one key are one person's. Whose cookie it is, or that nobody is asked, only the server can tell.
    shared: login.name ?? true,
  };
  return { client: createClient({ ...options, url }), options };
}
