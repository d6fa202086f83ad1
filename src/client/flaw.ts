import { ClientError } from './client-error.ts';
import type { FetchInit } from './fetch-like.ts';

/**
 * Returns why a request cannot be made at all, whatever the network does. Returns undefined if it can be
 * made, so the network failed. `fetch` rejects with a TypeError in both cases, so this is called after a
 * failed request only.
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
    // The cause is left out: it may contain the value, which may be a secret.
    return toBadRequest(`The header ${JSON.stringify(name)} has a name or value that cannot be sent`);
  }
}

/** Creates the error of a request that no retry can help. */
export function toBadRequest(message: string, cause?: unknown): ClientError {
  return new ClientError('bad_request', `${message}${cause instanceof Error ? `: ${cause.message}` : '.'}`, {
    cause,
  });
}

/** Returns whether an error is that of a request that no retry can help. */
export function isBadRequest(error: unknown): error is ClientError {
  return error instanceof ClientError && error.code === 'bad_request';
}

/**
 * Returns whether `fetch` throws such an error when the network fails, in browsers and elsewhere. A function
 * for headers then could not renew a token for now.
 */
export function isNetworkError(error: unknown): boolean {
  return error instanceof Error && networkErrors.test(`${error.name} ${error.message}`);
}

// The errors of Chromium, Node, Deno, Firefox and React Native, and Safari.
const networkErrors =
  /^TimeoutError |^TypeError (failed to fetch|fetch failed|error sending|network|load failed|the (network|internet) )/i;
