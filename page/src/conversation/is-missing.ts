import { ClientError } from 'heddle/client';
import type { SessionView } from 'heddle/react';

/** Whether the session was deleted or is someone else's: the server tells both in the same words. */
export function isMissing({ status, error }: Pick<SessionView, 'status' | 'error'>): boolean {
  return status === 'error' && error instanceof ClientError && error.code === 'not_found';
}
