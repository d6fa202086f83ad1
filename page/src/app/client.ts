import { createClient } from 'heddle/client';
import type { Client } from 'heddle/client';
import type { Route } from './route.ts';

// The server that served this page, under whatever path it is mounted.
const url = new URL('.', document.baseURI).href.replace(/\/$/, '');

export const client: Client = createClient({ url });

/** What `useSession` follows: a session, or the server, which has none yet. */
export function toSource(route: Route): string {
  return route.type === 'session' ? `${url}/session/${route.session}` : url;
}
