import { isRecord } from '../../protocol/internal.ts';
import { ExitError } from '../serve/exit-error.ts';
import { toServer } from '../to-server.ts';

export interface AdminOptions {
  /** The server's base URL, with or without `http://`. */
  readonly url: string;
}

/**
 * Sends a request to an admin route and returns the JSON object of the response. It authenticates with the
 * key or token in `HEDDLE_TOKEN`. Throws an ExitError of one sentence when the server refuses the request or
 * cannot be reached.
 */
export async function askAdmin(
  { url }: AdminOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  // The token comes from the environment only: other users of the machine can read a command line.
  const token = process.env['HEDDLE_TOKEN'];
  const response = await fetch(`${toServer(url)}${path}`, {
    method,
    redirect: 'error',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ExitError(`There is no server on ${url}.`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && isRecord(answer)) return answer;
  if (response.status === 401)
    throw new ExitError(`${url} requires auth; set HEDDLE_TOKEN to a key or a token.`);
  if (response.status === 404 && body === undefined)
    throw new ExitError(`${url} does not take you for an admin.`);
  const said = isRecord(answer) && typeof answer['detail'] === 'string' ? answer['detail'] : '';
  throw new ExitError(`${url} answers ${response.status}. ${said}`.trim());
}
