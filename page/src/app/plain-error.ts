import { ClientError } from 'heddle/client';
import { strings } from '../strings/strings.ts';

/** Returns the text about a failed request, in the user's language and without technical messages. */
export function plainError(error: unknown, otherwise: string): string {
  if (!(error instanceof ClientError)) return otherwise;
  const { errors } = strings;
  switch (error.code) {
    case 'unauthorized':
      return errors.unauthorized;
    case 'forbidden_host':
    case 'forbidden_origin':
      return errors.forbidden;
    case 'not_found':
      return errors.missing;
    case 'busy':
      return errors.conflict;
    case 'too_late':
      return errors.tooLate;
    case 'too_large':
      return errors.tooLarge;
    case 'queue_full':
      return errors.tooMany;
    case 'draining':
    case 'unavailable':
    case 'storage_full':
    case 'internal':
      return errors.unavailable;
    case 'unreachable':
      return errors.unreachable;
    default:
      return otherwise;
  }
}
