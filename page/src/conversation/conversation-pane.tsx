import { useCallback, useEffect } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Content, SentMessage } from 'heddle';
import type { ConversationView } from 'heddle/client';
import { client } from '../app/client.ts';
import { ApprovalsContext } from '../approvals/approvals-context.ts';
import { useApprovals } from '../approvals/use-approvals.ts';
import { Composer } from '../composer/composer.tsx';
import { useDrafts } from '../composer/use-drafts.ts';
import { JumpButton } from '../scroll/jump-button.tsx';
import { useFollow } from '../scroll/use-follow.ts';
import { strings } from '../strings/strings.ts';
import { isMissing } from './is-missing.ts';
import { MissingNotice } from './missing-notice.tsx';
import { StartView } from './start-view.tsx';
import { Thread } from './thread.tsx';
import { useSending } from './use-sending.ts';
import { useStopping } from './use-stopping.ts';

// No session id is empty.
const unnamed = '';

export interface ConversationPaneProps {
  /** Undefined: a conversation that has not begun. */
  readonly session: string | undefined;
  readonly view: ConversationView | undefined;
}

/** What is said, and the box to say more. */
export function ConversationPane({ session, view }: ConversationPaneProps): ReactElement {
  const { scroller, content, away, toEnd } = useFollow();
  const drafts = useDrafts(session ?? unnamed);
  const { rename } = drafts;
  const begun = useCallback((id: string) => rename(unnamed, id), [rename]);
  const { pending, problem, send } = useSending(session, view?.state.messages, begun);
  const { stop, problem: stopProblem } = useStopping(session, view?.state);
  const approvals = useApprovals(session, view?.state.approvals);
  const missing = isMissing(view);
  const mine = pending.filter((item) => item.session === session);

  useEffect(toEnd, [session, toEnd]);

  const sendHere = useCallback(
    async (text: string) => {
      toEnd();
      await send(text);
    },
    [send, toEnd],
  );
  const replace = useCallback(
    async (sent: SentMessage, content: Content) => {
      toEnd();
      await send(content, sent.message);
    },
    [send, toEnd],
  );
  const withdraw = useCallback(
    async (message: string) => {
      if (session !== undefined) await client.session(session).withdraw(message);
    },
    [session],
  );

  return (
    <>
      <div className="scroll-frame">
        <div className="scroller" ref={scroller} role="log" aria-label={strings.conversation} tabIndex={0}>
          <div className="column" ref={content}>
            {stage({ session, view, missing, sending: mine.length > 0, onChoose: sendHere }) ?? (
              <ApprovalsContext value={approvals}>
                <Thread state={view?.state} pending={mine} onWithdraw={withdraw} onReplace={replace} />
              </ApprovalsContext>
            )}
          </div>
        </div>
        {away && <JumpButton onClick={toEnd} />}
      </div>
      <Composer
        name={session ?? unnamed}
        text={drafts.text}
        onText={drafts.change}
        running={view?.state.turn !== undefined}
        waiting={approvals.open.size > 0}
        disabled={missing}
        problem={problem ?? stopProblem}
        onSend={sendHere}
        onStop={stop}
      />
    </>
  );
}

/** What stands in place of the messages: nothing where there are some. */
function stage({
  session,
  view,
  missing,
  sending,
  onChoose,
}: ConversationPaneProps & {
  readonly missing: boolean;
  readonly sending: boolean;
  readonly onChoose: (prompt: string) => Promise<void>;
}): ReactNode {
  const choose = (prompt: string): void => {
    // The composer tells what went wrong.
    onChoose(prompt).catch(() => undefined);
  };
  if (missing) return <MissingNotice />;
  if (sending) return undefined;
  if (session === undefined) return <StartView onChoose={choose} />;
  if (view === undefined || !view.loaded) return <p className="loading late">{strings.loading}</p>;
  return view.state.messages.length === 0 ? <StartView onChoose={choose} /> : undefined;
}
