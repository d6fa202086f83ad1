import { memo } from 'react';
import type { ReactElement } from 'react';
import { toHash } from '../app/page-route.ts';
import { Icon } from '../app/icon.tsx';
import { strings } from '../strings/strings.ts';
import { languageOf } from '../strings/language-of.ts';
import { relativeTime } from './relative-time.ts';

export interface SessionItemProps {
  readonly session: string;
  readonly title: string;
  readonly activeAt: number;
  readonly running: boolean;
  /** Whether the session waits for approvals. */
  readonly waiting: boolean;
  readonly current: boolean;
  readonly now: number;
  readonly onChoose: () => void;
  readonly onDelete: (session: string) => void;
}

export const SessionItem = memo(function SessionItem(props: SessionItemProps): ReactElement {
  const { session, title, running, waiting, current, onChoose, onDelete } = props;
  const label = strings.deleteSession(title);
  return (
    <li className="session-item" data-session={session}>
      <a
        href={toHash({ type: 'session', session })}
        aria-current={current ? 'page' : undefined}
        onClick={onChoose}
      >
        <span className="session-title" dir="auto" lang={languageOf(title)}>
          {title}
        </span>
        <span className="session-time">
          {(running || waiting) && <span className={waiting ? 'asking-dot' : 'running-dot'} />}
          <span>{statusOf(props)}</span>
        </span>
      </a>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        onClick={() => onDelete(session)}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
});

function statusOf({ running, waiting, activeAt, now }: SessionItemProps): string {
  if (waiting) return strings.waiting;
  return running ? strings.running : relativeTime(activeAt, now);
}
