import { createKeptKey } from '../sign-in/kept-key.ts';
import { createLoginStore } from '../sign-in/login-store.ts';
import type { LoginStore } from '../sign-in/login-store.ts';
import { serverUrl } from './server-url.ts';
import { goTo } from './use-route.ts';

/** Who is signed in to the page's server. */
export const logins: LoginStore = createLoginStore({
  kept: createKeptKey(`heddle key ${serverUrl}`, () => sessionStorage),
  url: serverUrl,
  onSignOut: () => goTo({ type: 'new' }, 'replace'),
});
