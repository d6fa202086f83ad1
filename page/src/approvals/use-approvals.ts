import { useMemo } from 'react';
import type { PendingApproval } from 'heddle';
import { client } from '../app/client.ts';
import type { Approvals } from './approvals-context.ts';

/** What of a session is open, as its cards need it. */
export function useApprovals(
  session: string | undefined,
  pending: readonly PendingApproval[] | undefined,
): Approvals {
  return useMemo(
    () => ({
      open: new Set(pending?.map(({ approval }) => approval)),
      answer: async (approval, approved) => {
        if (session !== undefined) await client.session(session).answer(approval, approved);
      },
    }),
    [session, pending],
  );
}
