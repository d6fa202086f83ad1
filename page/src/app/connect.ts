import { createClient } from 'heddle/client';
import type { Client, ClientOptions, FetchLike } from 'heddle/client';
import { toHeaders } from '../sign-in/login.ts';
import type { Login } from '../sign-in/login.ts';
import { logins } from './logins.ts';
import { serverUrl } from './server-url.ts';

/** How the page talks to its server for one login. */
export interface Connected {
  readonly client: Client;
  /** For all that makes a client of its own. */
  readonly options: Omit<ClientOptions, 'url'>;
}

/** Connects as somebody. What the server does not let in anywhere is told to the logins. */
export function connect(login: Login): Connected {
  const fetch: FetchLike = async (...ask) => {
    const answer = await globalThis.fetch(...ask);
    if (answer.status === 401) logins.refuse(login);
    return answer;
  };
  const options: Connected['options'] = {
    fetch,
    // Looked up for each request: what is tried again after a sign-out goes without the key.
    headers: () => (logins.get().login === login ? toHeaders(login) : {}),
    // Tabs of one key are one person's. Whose cookie it is the page cannot tell: then each tab stands alone.
    shared: login.name ?? false,
  };
  return { client: createClient({ ...options, url: serverUrl }), options };
}
