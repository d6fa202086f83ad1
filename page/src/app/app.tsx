import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { toText } from 'heddle';
import { useSession } from 'heddle/react';
import type { SessionView } from 'heddle/react';
import { ConnectionStatus } from '../connection/connection-status.tsx';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { SessionList } from '../sessions/session-list.tsx';
import { useSessions } from '../sessions/use-sessions.ts';
import { isUnauthorized } from '../sign-in/is-unauthorized.ts';
import type { Login } from '../sign-in/login.ts';
import { strings } from '../strings/strings.ts';
import { connect } from './connect.ts';
import { Icon } from './icon.tsx';
import { logins } from './logins.ts';
import { Modal } from './modal.tsx';
import { ownWords } from './own-words.ts';
import { OwnFooter } from './own-footer.tsx';
import type { PageRoute } from './page-route.ts';
import { serverUrl } from './server-url.ts';
import { useMediaQuery } from './use-media-query.ts';
import { useRoute } from './use-route.ts';

export function App({ login }: { readonly login: Login }): ReactElement {
  const { client, options } = useMemo(() => connect(serverUrl, login, logins), [login]);
  const route = useRoute();
  const session = route.type === 'session' ? route.session : undefined;
  const view = useSession(toSource(route), options);
  const { turn, status, error } = view;
  const waiting = view.approvals.length > 0;
  // A turn that starts or ends changes the list: a title, a time, a dot.
  const list = useSessions(client, `${session} ${turn} ${waiting} ${status === 'loading'}`);
  const narrow = useMediaQuery('(max-width: 47.99rem)');
  const [drawer, setDrawer] = useState(false);
  const closeDrawer = useCallback(() => setDrawer(false), []);
  const listed = list.sessions?.find((other) => other.session === session)?.title;
  const title = session === undefined ? strings.newSession : (listed ?? firstWords(view) ?? strings.untitled);

  useEffect(() => {
    document.title = session === undefined ? ownWords.title : `${title} · ${ownWords.title}`;
  }, [session, title]);

  useEffect(() => {
    // With a shared connection, the refused request may be another tab's.
    if (isUnauthorized(error)) logins.refuse(login);
  }, [error, login]);

  const signOut = useCallback(() => {
    client.logout();
    logins.signOut();
  }, [client]);
  const sessions = {
    onSignOut: login.key === undefined ? undefined : signOut,
    list,
    current: session,
    running: turn !== undefined,
    waiting,
    onChoose: closeDrawer,
  };
  return (
    <div className="app">
      {!narrow && (
        <aside aria-label={strings.sessions}>
          <SessionList {...sessions} />
        </aside>
      )}
      {narrow && drawer && (
        <Modal className="drawer" label={strings.sessions} onClose={closeDrawer}>
          <SessionList {...sessions} onClose={closeDrawer} />
        </Modal>
      )}
      <main className="main">
        <header className="top-bar">
          {narrow && (
            <button
              type="button"
              className="icon-button"
              onClick={() => setDrawer(true)}
              aria-label={strings.openSessions}
            >
              <Icon name="menu" />
            </button>
          )}
          <h1 dir="auto">{title}</h1>
          <ConnectionStatus view={view} />
        </header>
        <ConversationPane session={session} view={view} />
        <OwnFooter />
      </main>
    </div>
  );
}

/** Returns a title from the first message if it is loaded, used until the list has one. */
function firstWords({ messages, sending, hasEarlier }: SessionView): string | undefined {
  if (hasEarlier) return undefined;
  const first = messages.find((message) => message.role === 'user') ?? sending[0];
  return first === undefined ? undefined : toText(first.content).slice(0, 80);
}

/** Returns the URL that `useSession` follows: a session, or the server while there is no session yet. */
function toSource(route: PageRoute): string {
  return route.type === 'session' ? `${serverUrl}/session/${route.session}` : serverUrl;
}
