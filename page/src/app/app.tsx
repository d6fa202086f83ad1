import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactElement } from 'react';
import { toText } from 'heddle';
import { useSession } from 'heddle/react';
import type { SessionView } from 'heddle/react';
import { choices } from '../choices/choices.ts';
import { useChoice } from '../choices/use-choice.ts';
import { ConnectionStatus } from '../connection/connection-status.tsx';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { SessionList } from '../sessions/session-list.tsx';
import { useSessions } from '../sessions/use-sessions.ts';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
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
import { useLazy } from './use-lazy.ts';
import { useMediaQuery } from './use-media-query.ts';
import { useRoute } from './use-route.ts';

const loadHelp = () => import('../shortcuts/help-sheet.tsx');
const loadExport = () => import('../export/export-dialog.tsx');

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
  const sidebar = useChoice(choices.sidebar);
  const [sheet, setSheet] = useState<'help' | 'export'>();
  const closeSheet = useCallback(() => setSheet(undefined), []);
  const openHelp = useCallback(() => setSheet('help'), []);
  const toggleList = useCallback(() => {
    if (narrow) setDrawer((was) => !was);
    else choices.sidebar.set(choices.sidebar.get() === 'shown' ? 'hidden' : 'shown');
  }, [narrow]);
  const Help = useLazy(loadHelp, sheet === 'help');
  const Export = useLazy(loadExport, sheet === 'export');
  useShortcuts(openHelp, toggleList);
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
    onHelp: openHelp,
  };
  const isListShown = !narrow && sidebar === 'shown';
  const isExportable = session !== undefined && view.messages.length > 0;
  return (
    <div className="app">
      {isListShown && (
        <aside id="sidebar" aria-label={strings.sessions}>
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
          <button
            type="button"
            className="icon-button"
            data-testid="list"
            onClick={toggleList}
            aria-expanded={narrow ? undefined : isListShown}
            aria-controls={isListShown ? 'sidebar' : undefined}
            aria-label={isListShown ? strings.hideSessions : strings.openSessions}
            title={isListShown ? strings.hideSessions : strings.openSessions}
          >
            <Icon name={narrow ? 'menu' : 'sidebar'} />
          </button>
          <h1 dir="auto">{title}</h1>
          <ConnectionStatus view={view} />
          {isExportable && (
            <button
              type="button"
              className="icon-button"
              data-testid="export"
              onClick={() => setSheet('export')}
              aria-label={strings.export}
              title={strings.export}
            >
              <Icon name="download" />
            </button>
          )}
        </header>
        <ConversationPane session={session} view={view} />
        <OwnFooter />
      </main>
      {sheet === 'help' && Help !== undefined && <Help.HelpSheet onClose={closeSheet} />}
      {sheet === 'export' && Export !== undefined && session !== undefined && (
        <Export.ExportDialog client={client} session={session} title={title} onClose={closeSheet} />
      )}
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
