import { useCallback, useContext, useEffect, useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Content, SentMessage } from 'heddle';
import type { SessionView } from 'heddle/react';
import { goTo } from '../app/use-route.ts';
import { ApprovalsContext } from '../approvals/approvals-context.ts';
import { Composer } from '../composer/composer.tsx';
import { DraftsContext } from '../composer/drafts-context.ts';
import { useDraft } from '../composer/use-draft.ts';
import { JumpButton } from '../scroll/jump-button.tsx';
import { useFollow } from '../scroll/use-follow.ts';
import { strings } from '../strings/strings.ts';
import { isMissing } from './is-missing.ts';
import { MissingNotice } from './missing-notice.tsx';
import { StartView } from './start-view.tsx';
import { Thread } from './thread.tsx';
import { useSending } from './use-sending.ts';
import { useStopping } from './use-stopping.ts';

// The draft name of a new conversation. No session id is empty.
const unnamed = '';

export interface ConversationPaneProps {
  /** Undefined for a new conversation. */
  readonly session: string | undefined;
  readonly view: SessionView;
}

/** Renders the messages and the composer. */
export function ConversationPane({ session, view }: ConversationPaneProps): ReactElement {
  const { scroller, content, away, toEnd } = useFollow();
  const drafts = useContext(DraftsContext);
  const { text = '', change } = useDraft(session ?? unnamed);
  const { problem, send } = useSending(view.send);
  const { stop, problem: stopProblem } = useStopping(view);
  const { approvals, answer } = view;
  const missing = isMissing(view);

  const begun = session === undefined && view.messages.length > 0 ? view.session : undefined;
  useEffect(() => {
    if (begun === undefined) return;
    drafts.rename(unnamed, begun);
    goTo({ type: 'session', session: begun });
  }, [begun, drafts]);
  useEffect(toEnd, [session, toEnd]);

  const sendHere = useCallback(
    async (text: string) => {
      toEnd();
      await send(text);
    },
    [send, toEnd],
  );
  const replace = useCallback(
    async (sent: SentMessage, edited: Content) => {
      toEnd();
      await send(edited, sent.message);
    },
    [send, toEnd],
  );
  const open = useMemo(
    () => ({ open: new Set(approvals.map(({ approval }) => approval)), answer }),
    [approvals, answer],
  );

  return (
    <>
      <div className="scroll-frame">
        <div className="scroller" ref={scroller} role="log" aria-label={strings.conversation} tabIndex={0}>
          <div className="column" ref={content}>
            {stage(view, sendHere) ?? (
              <ApprovalsContext value={open}>
                <Thread view={view} scroller={scroller} onReplace={replace} />
              </ApprovalsContext>
            )}
          </div>
        </div>
        {away && <JumpButton onClick={toEnd} />}
      </div>
      <Composer
        name={session ?? unnamed}
        text={text}
        onText={change}
        running={view.turn !== undefined}
        waiting={approvals.length > 0}
        disabled={missing}
        problem={problem ?? stopProblem}
        onSend={sendHere}
        onStop={stop}
      />
    </>
  );
}

/** Returns the content in place of the messages; undefined when there are messages. */
function stage(view: SessionView, onChoose: (prompt: string) => Promise<void>): ReactNode {
  const choose = (prompt: string): void => {
    // The composer shows the error.
    onChoose(prompt).catch(() => undefined);
  };
  if (isMissing(view)) return <MissingNotice />;
  if (view.status === 'loading') return <p className="loading late">{strings.loading}</p>;
  if (view.messages.length > 0 || view.sending.length > 0) return undefined;
  return <StartView onChoose={choose} />;
}
