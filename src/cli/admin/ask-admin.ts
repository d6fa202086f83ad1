import { isRecord } from '../../protocol/internal.ts';
import { ExitError } from '../serve/exit-error.ts';
import { toServer } from '../to-server.ts';

export interface AdminOptions {
  /** The server. */
  readonly url: string;
}

/** Asks a server as its admin, with the key or token in `HEDDLE_TOKEN`. Throws an ExitError in one sentence for what it refuses, and where there is none. */
export async function askAdmin(
  { url }: AdminOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  // From the environment only: what stands on a command line, everybody on the machine can read.
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
  if (response.status === 401) throw new ExitError(`${url} asks who you are; HEDDLE_TOKEN tells it.`);
  if (response.status === 404 && body === undefined)
    throw new ExitError(`${url} does not take you for an admin.`);
  const said = isRecord(answer) && typeof answer['detail'] === 'string' ? answer['detail'] : '';
  throw new ExitError(`${url} answers ${response.status}. ${said}`.trim());
}
