import { createLoginStore } from '../sign-in/login-store.ts';
import type { LoginStore } from '../sign-in/login-store.ts';
import { createKept } from './kept.ts';
import { serverUrl } from './server-url.ts';
import { goTo } from './use-route.ts';

const keptKey = createKept(`heddle key ${serverUrl}`, () => sessionStorage);

/** What is written but not sent, as a reload finds it. */
export const keptDrafts = createKept(`heddle drafts ${serverUrl}`, () => sessionStorage);

/** Who is signed in to the page's server. */
export const logins: LoginStore = createLoginStore({
  kept: {
    ...keptKey,
    forget() {
      keptKey.forget();
      // The next reader may be somebody else.
      keptDrafts.forget();
    },
  },
  url: serverUrl,
  onSignOut: () => goTo({ type: 'new' }, 'replace'),
});
