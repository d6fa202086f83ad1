import { useLayoutEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { createClient } from 'heddle/client';
import { createDrafts } from '../composer/drafts.ts';
import { DraftsContext } from '../composer/drafts-context.ts';
import { toHeaders } from '../sign-in/login.ts';
import type { SignIn } from '../sign-in/login-store.ts';
import { SignInCard } from '../sign-in/sign-in-card.tsx';
import { App } from './app.tsx';
import { keptDrafts, logins } from './logins.ts';
import { serverUrl } from './server-url.ts';

/**
 * Renders the page, or the sign-in card. The card removes all conversations, because another user may sign in
 * next. Drafts stay, because most often the same user signs in with a new token. A sign-out removes them.
 */
export function Gate({ login, asked }: SignIn): ReactElement {
  const [drafts] = useState(() => createDrafts(keptDrafts.read()));
  useLayoutEffect(() => (asked === undefined ? drafts.keepIn(keptDrafts) : undefined), [drafts, asked]);
  if (asked !== undefined) return <SignInCard again={asked === 'again'} onKey={signIn} />;
  return (
    <DraftsContext value={drafts}>
      <App login={login} />
    </DraftsContext>
  );
}

/** Tries a key, and signs in only when the server accepts it. */
async function signIn(key: string): Promise<void> {
  await createClient({ url: serverUrl, headers: toHeaders({ key }) }).sessions({ tries: 1 });
  await logins.signIn(key);
}
