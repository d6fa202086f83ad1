import type { Dialect, DialectRequest, DialectRoute } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { Route } from '../routes.ts';
import type { ServerRequest } from '../server-request.ts';
import { readJson } from '../read-json.ts';
import { WordedRefusal } from '../worded-refusal.ts';
import type { DialectServices } from './dialect-context.ts';
import { perform } from './perform.ts';
import { toRefused } from './to-reply.ts';

export interface DialectRoutesOptions extends DialectServices {
  /** The longest body of a dialect's route, in bytes. Some clients send the whole conversation each time. */
  readonly maxBody: number;
}

/**
 * Returns the routes of dialects as routes of the server. So guard, auth, limits and hooks cover them with
 * nothing further.
 */
export function dialectRoutes(dialects: readonly Dialect[], options: DialectRoutesOptions): readonly Route[] {
  return dialects.flatMap((dialect) =>
    (dialect.routes ?? []).map((route) => toRoute(dialect, route, options)),
  );
}

function toRoute(
  dialect: Dialect,
  route: DialectRoute,
  { maxBody, ...services }: DialectRoutesOptions,
): Route {
  const { method, path, acts, open, streams, types } = route;
  return {
    method,
    path,
    acts,
    ...(open && { open }),
    ...(streams && { streams }),
    handle: async (request, call) => {
      const options = { limit: maxBody, ...(types && { types }) };
      const body = method === 'POST' ? await readJson(request, options) : {};
      const asked = toRequest(request, call.params, body);
      try {
        const intent = route.decode(asked);
        if (open && intent.type !== 'reply')
          throw new TypeError(`The open route ${path} of "${dialect.name}" wants to ${intent.type}.`);
        return await perform({ ...services, dialect, request, call }, intent);
      } catch (error) {
        throw new WordedRefusal(error, toRefused(route, error, asked));
      }
    },
    ...(route.refuse && { refuse: (error: RefusalError) => toRefused(route, error) }),
  };
}

function toRequest(
  request: ServerRequest,
  params: Readonly<Record<string, string>>,
  body: DialectRequest['body'],
): DialectRequest {
  const decoded: Record<string, string> = {};
  for (const [name, text] of Object.entries(params)) decoded[name] = decode(text);
  return {
    params: decoded,
    query: request.query,
    body,
    header: (name) => request.header(name),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RefusalError('malformed', 'A segment of the path is not percent-encoded UTF-8.');
  }
}
