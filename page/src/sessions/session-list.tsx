import { memo, useCallback, useState } from 'react';
import type { ReactElement } from 'react';
import { Boundary } from '../app/boundary.tsx';
import { Icon } from '../app/icon.tsx';
import { ownWords } from '../app/own-words.ts';
import { toHash } from '../app/page-route.ts';
import { goTo } from '../app/use-route.ts';
import { strings } from '../strings/strings.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { ListFooter } from './list-footer.tsx';
import { SessionItem } from './session-item.tsx';
import type { Sessions } from './use-sessions.ts';

export interface SessionListProps {
  readonly list: Sessions;
  readonly current: string | undefined;
  /** Whether the shown session has an open turn. The page knows this before the list does. */
  readonly running: boolean;
  /** Whether the shown session waits for approvals. */
  readonly waiting: boolean;
  /** Called when the user chooses a session. */
  readonly onChoose: () => void;
  readonly onHelp: () => void;
  /** Given when the list covers the page and can be closed. */
  readonly onClose?: () => void;
  /** Given when the user signed in here. */
  readonly onSignOut?: (() => void) | undefined;
}

/**
 * Renders the list of sessions. It does not render while an answer streams, because nothing in it changes.
 */
export const SessionList = memo(function SessionList(props: SessionListProps): ReactElement {
  const { list, current, running, waiting, onChoose, onHelp, onClose, onSignOut } = props;
  const [doomed, setDoomed] = useState<string>();
  const { sessions, failed, readAt, readMore, remove } = list;
  const titleOf = (session: string): string =>
    sessions?.find((other) => other.session === session)?.title ?? strings.untitled;
  const removeDoomed = useCallback(async () => {
    if (doomed === undefined) return;
    await remove(doomed);
    if (doomed === current) goTo({ type: 'new' }, 'replace');
  }, [doomed, current, remove]);

  return (
    <div className="sessions">
      <div className="brand">
        <img src={ownWords.logo} alt="" />
        <span>{ownWords.title}</span>
        {onClose !== undefined && (
          <button type="button" className="icon-button" onClick={onClose} aria-label={strings.closeSessions}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <a className="new-session" href={toHash({ type: 'new' })} onClick={onChoose}>
        <Icon name="plus" />
        <span>{strings.newSession}</span>
      </a>
      <nav aria-label={strings.sessions}>
        {failed && <p className="quiet">{strings.sessionsUnreachable}</p>}
        {sessions?.length === 0 && <p className="quiet">{strings.noSessions}</p>}
        <Boundary renderFailed={(retry) => <ListFailure onRetry={retry} />}>
          <ul>
            {sessions?.map(({ session, title, activeAt, turn, approvals = 0 }) => (
              <SessionItem
                key={session}
                session={session}
                title={title ?? strings.untitled}
                activeAt={activeAt}
                running={session === current ? running : turn !== undefined}
                waiting={session === current ? waiting : approvals > 0}
                current={session === current}
                now={readAt}
                onChoose={onChoose}
                onDelete={setDoomed}
              />
            ))}
          </ul>
        </Boundary>
        {readMore !== undefined && (
          <button
            type="button"
            className="text-button more-sessions"
            data-testid="more-sessions"
            onClick={readMore}
          >
            {strings.moreSessions}
          </button>
        )}
      </nav>
      <ListFooter onHelp={onHelp} />
      {onSignOut !== undefined && (
        <button type="button" className="sign-out" data-testid="sign-out" onClick={onSignOut}>
          <Icon name="leave" />
          <span>{strings.signOut}</span>
        </button>
      )}
      {doomed !== undefined && (
        <DeleteDialog title={titleOf(doomed)} onDelete={removeDoomed} onClose={() => setDoomed(undefined)} />
      )}
    </div>
  );
});

function ListFailure({ onRetry }: { readonly onRetry: () => void }): ReactElement {
  return (
    <p className="quiet" data-testid="list-failure">
      <span>{strings.listFailed}</span>
      <button type="button" className="text-button" onClick={onRetry}>
        {strings.showAgain}
      </button>
    </p>
  );
}
