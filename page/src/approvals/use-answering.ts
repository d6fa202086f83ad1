import { useContext, useState } from 'react';
import { plainError } from '../app/plain-error.ts';
import { strings } from '../strings/strings.ts';
import { ApprovalsContext } from './approvals-context.ts';

export interface Answering {
  /** Whether the approval is open. */
  readonly open: boolean;
  readonly sending: boolean;
  readonly problem: string | undefined;
  readonly answer: (approved: boolean) => void;
}

/** Answers an approval once. All clients read the outcome from the log. */
export function useAnswering(approval: string): Answering {
  const { open, answer } = useContext(ApprovalsContext);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  return {
    open: open.has(approval),
    sending,
    problem,
    answer(approved) {
      setSending(true);
      setProblem(undefined);
      // Stays `sending` until the log has the answer: a second click would change nothing.
      answer(approval, approved).catch((error: unknown) => {
        setSending(false);
        setProblem(plainError(error, strings.approvalFailed));
      });
    },
  };
}
