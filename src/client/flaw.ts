import { ClientError } from './client-error.ts';
import type { FetchInit } from './fetch-like.ts';

/**
 * Why a request cannot be made as it is told, whatever the network does; undefined where it can be, so that it was the network that
 * failed. `fetch` rejects with a TypeError in both cases, so it is looked at only when a request has failed.
 */
export function toFlaw(init: FetchInit): ClientError | undefined {
  let name: string | undefined;
  try {
    for (const header of Object.entries(init.headers)) {
      [name] = header;
      void new Headers([header]);
    }
    name = undefined;
    if (typeof Request === 'function') void new Request('http://localhost', init);
    return undefined;
  } catch (cause) {
    if (name === undefined) return toBadRequest('The request cannot be made here', cause);
    // Without the cause: it may tell the value, and that may be a secret.
    return toBadRequest(`The header ${JSON.stringify(name)} has a name or value that cannot be sent`);
  }
}

/** Tells that asking again, as it is, cannot help. */
export function toBadRequest(message: string, cause?: unknown): ClientError {
  return new ClientError('bad_request', `${message}${cause instanceof Error ? `: ${cause.message}` : '.'}`, {
    cause,
  });
}

/** Whether asking again, as it is, cannot help. */
export function isBadRequest(error: unknown): error is ClientError {
  return error instanceof ClientError && error.code === 'bad_request';
}

/** Whether it is what `fetch` throws where the network fails, in browsers and elsewhere: a token could not be renewed for now. */
export function isNetworkError(error: unknown): boolean {
  return error instanceof Error && networkErrors.test(`${error.name} ${error.message}`);
}

// Of Chromium, Node, Deno, Firefox and React Native, and Safari.
const networkErrors =
  /^TimeoutError |^TypeError (failed to fetch|fetch failed|error sending|network|load failed|the (network|internet) )/i;
