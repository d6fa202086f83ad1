import { createClient } from 'heddle/client';
import type { Client, ClientOptions, FetchLike } from 'heddle/client';
import { toHeaders } from '../sign-in/login.ts';
import type { Login } from '../sign-in/login.ts';
import type { LoginStore } from '../sign-in/login-store.ts';

/** The longest body for `keepalive`, in UTF-16 units, so that several requests fit. */
const longestKept = 4_096;

/** The page's connection to its server for one login. */
export interface PageConnection {
  readonly client: Client;
  /** Options for code that creates its own client. */
  readonly options: Omit<ClientOptions, 'url'>;
}

/**
 * Connects to the server at a URL with a login. A response with status 401 makes `logins` refuse the login.
 */
export function connect(
  url: string,
  login: Login,
  logins: Pick<LoginStore, 'get' | 'refuse'>,
): PageConnection {
  const fetch: FetchLike = async (...ask) => {
    // A retry after a sign-out is not sent: without its key the server could take it for another user's
    // request.
    if (logins.get().login !== login) return new Response(undefined, { status: 401 });
    const [url, init] = ask;
    // The request is sent even when the tab closes at that moment. Browsers allow 64 KiB in all for such
    // requests.
    const keepalive = init.method !== 'GET' && (init.body?.length ?? 0) < longestKept;
    const answer = await globalThis.fetch(url, { ...init, keepalive });
    if (answer.status === 401) logins.refuse(login);
    return answer;
  };
  const options: PageConnection['options'] = {
    fetch,
    // Not a function: there is no other key to try. So a refusal is final, and the message returns to its box
    // at once.
    headers: toHeaders(login),
    // Tabs with the same key belong to one person. Without a key only the server knows the owner.
    shared: login.name ?? true,
  };
  return { client: createClient({ ...options, url }), options };
}
