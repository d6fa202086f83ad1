import { useContext, useState } from 'react';
import { plainError } from '../app/plain-error.ts';
import { strings } from '../strings/strings.ts';
import { ApprovalsContext } from './approvals-context.ts';

export interface Answering {
  /** Whether it can be answered at all. */
  readonly open: boolean;
  readonly sending: boolean;
  readonly problem: string | undefined;
  readonly answer: (approved: boolean) => void;
}

/** Answers an approval once. What came of it is told by the log, to everybody alike. */
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
      // Once sent it stays so until the log tells: a second click has nothing to say.
      answer(approval, approved).catch((error: unknown) => {
        setSending(false);
        setProblem(plainError(error, strings.approvalFailed));
      });
    },
  };
}
