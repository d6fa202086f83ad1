import type { PageRoute } from './page-route.ts';
import { serverUrl } from './server-url.ts';

/** Returns the URL that `useSession` follows: a session, or the server while there is no session yet. */
export function toSource(route: PageRoute): string {
  return route.type === 'session' ? `${serverUrl}/session/${route.session}` : serverUrl;
}
