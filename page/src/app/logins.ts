import { createLoginStore } from '../sign-in/login-store.ts';
import type { LoginStore } from '../sign-in/login-store.ts';
import { createKept } from './kept.ts';
import { serverUrl } from './server-url.ts';
import { goTo } from './use-route.ts';

const keptKey = createKept(`heddle key ${serverUrl}`, () => sessionStorage);

/** Texts that are written but not sent, kept across a reload. */
export const keptDrafts = createKept(`heddle drafts ${serverUrl}`, () => sessionStorage);

/** The logins of the page's server. */
export const logins: LoginStore = createLoginStore({
  kept: {
    ...keptKey,
    forget() {
      keptKey.forget();
      // The next user may be another person.
      keptDrafts.forget();
    },
  },
  url: serverUrl,
  onSignOut: () => goTo({ type: 'new' }, 'replace'),
});
