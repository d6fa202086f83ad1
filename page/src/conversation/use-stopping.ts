import { useCallback, useState } from 'react';
import type { SessionState } from 'heddle';
import { client } from '../app/client.ts';
import { strings } from '../strings/strings.ts';

export interface Stopping {
  readonly stop: () => void;
  readonly problem: string | undefined;
}

/** Stops the turn that runs, or closes the approvals that a turn waits for: of what is seen, nothing that came after it. */
export function useStopping(session: string | undefined, state: SessionState | undefined): Stopping {
  const [problem, setProblem] = useState<string>();
  const turn = state?.turn ?? state?.approvals[0]?.turn;
  const stop = useCallback(() => {
    if (session === undefined) return;
    client
      .session(session)
      .cancel(turn)
      .then(
        () => setProblem(undefined),
        () => setProblem(strings.stopFailed),
      );
  }, [session, turn]);
  return { stop, problem: turn === undefined ? undefined : problem };
}
