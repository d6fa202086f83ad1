import { ClientError } from 'heddle/client';
import type { SessionView } from 'heddle/react';

/** Returns whether the session was deleted or belongs to another owner. The server answers both alike. */
export function isMissing({ status, error }: Pick<SessionView, 'status' | 'error'>): boolean {
  return status === 'error' && error instanceof ClientError && error.code === 'not_found';
}
