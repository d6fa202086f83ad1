import type { Webhook } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { CheckUrl } from './webhook-urls.ts';

const maxSecret = 4096;
const schemePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** Refuses a webhook that could not be kept or told. Its secrets stand in no message. Throws `malformed`. */
export function checkWebhook(
  { id = 'x', url, token, authentication, variant }: Webhook,
  checkUrl: CheckUrl,
): void {
  if (id === '' || id.length > 200 || !id.isWellFormed())
    throw new RefusalError('malformed', 'The id of a webhook has 1 to 200 characters.');
  if ((variant?.length ?? 0) > 64)
    throw new RefusalError('malformed', 'The variant of the webhook is too long.');
  if (authentication !== undefined && !schemePattern.test(authentication.scheme))
    throw new RefusalError('malformed', "The scheme of the webhook's authentication is not one.");
  // They are sent in headers.
  for (const secret of [token, authentication?.credentials])
    if (secret !== undefined && (secret.length > maxSecret || !/^[ -~]*$/.test(secret)))
      throw new RefusalError(
        'malformed',
        `The token and the credentials of a webhook have at most ${maxSecret} characters, of printable ASCII.`,
      );
  checkUrl(url);
}
