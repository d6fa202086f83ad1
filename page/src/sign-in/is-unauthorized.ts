import { ClientError } from 'heddle/client';

/** Returns whether the server did not authenticate the caller, or no longer does. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof ClientError && error.status === 401;
}
