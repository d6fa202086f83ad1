import { ClientError } from 'heddle/client';

/** Whether the server does not know, or knows no longer, who asked. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof ClientError && error.status === 401;
}
