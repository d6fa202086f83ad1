import { useCallback, useState } from 'react';
import type { SessionView } from 'heddle/react';
import { strings } from '../strings/strings.ts';

export interface Stopping {
  readonly stop: () => void;
  readonly problem: string | undefined;
}

/** Stops the running turn, or cancels the approvals that a turn waits for. */
export function useStopping({
  cancel,
  turn,
  approvals,
}: Pick<SessionView, 'cancel' | 'turn' | 'approvals'>): Stopping {
  const [problem, setProblem] = useState<string>();
  const stop = useCallback(() => {
    cancel().then(
      () => setProblem(undefined),
      () => setProblem(strings.stopFailed),
    );
  }, [cancel]);
  return { stop, problem: turn === undefined && approvals.length === 0 ? undefined : problem };
}
