import type { PageRoute } from './page-route.ts';
import { serverUrl } from './server-url.ts';

/** What `useSession` follows: a session, or the server, which has none yet. */
export function toSource(route: PageRoute): string {
  return route.type === 'session' ? `${serverUrl}/session/${route.session}` : serverUrl;
}
