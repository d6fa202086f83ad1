import type { Dialect, DialectRequest, DialectRoute, Intent } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import { toHost } from '../host-names.ts';
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
 * The deepest nesting of a body. Clients send back the outputs of tools, which may have 64 levels, within
 * their messages.
 */
const maxDepth = 96;

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
      const options = { limit: maxBody, depth: maxDepth, ...(types && { types }) };
      const body = method === 'POST' ? await readJson(request, options) : {};
      const asked = toRequest(request, path, call.params, body, services.outboxes !== undefined);
      try {
        const intent = route.decode(asked);
        checkIntent(route, intent, dialect);
        return await perform({ ...services, dialect, request, call }, intent);
      } catch (error) {
        throw new WordedRefusal(error, toRefused(route, error, asked));
      }
    },
    ...(route.refuse && { refuse: (error: RefusalError) => toRefused(route, error) }),
  };
}

/** The server has checked the request for what its route declares. Throws a TypeError if it wants more. */
function checkIntent({ path, acts, open }: DialectRoute, intent: Intent, { name }: Dialect): void {
  const { type } = intent;
  const isRead =
    type === 'reply' ||
    type === 'read' ||
    type === 'list' ||
    (type === 'webhooks' && intent.change === undefined);
  if (open && type !== 'reply') throw new TypeError(`The open route ${path} of "${name}" wants to ${type}.`);
  if (!acts && !isRead)
    throw new TypeError(
      `The route ${path} of "${name}" wants to ${type}, and does not declare that it acts.`,
    );
}

function toRequest(
  request: ServerRequest,
  path: string,
  params: Readonly<Record<string, string>>,
  body: DialectRequest['body'],
  hasWebhooks: boolean,
): DialectRequest {
  const decoded: Record<string, string> = {};
  for (const [name, text] of Object.entries(params)) decoded[name] = decode(text);
  return {
    params: decoded,
    query: request.query,
    base: toBase(request, path),
    body,
    ...(hasWebhooks && { webhooks: true }),
    header: (name) => request.header(name),
  };
}

/**
 * Returns the URL of a request without the segments that its route has. A proxy in front may have decrypted
 * it, changed its Host, and removed a part of its path. A client that forges these headers deceives itself
 * only.
 */
function toBase(request: ServerRequest, routed: string): string {
  const { path, mount = '', isSecure } = request;
  const before = path.split('/').slice(0, 1 - routed.split('/').length);
  const forwarded = (name: string): string => firstOf(request.header(`x-forwarded-${name}`));
  const scheme = isSecure || forwarded('proto') === 'https' ? 'https' : 'http';
  const host = toHost(forwarded('host')) ? forwarded('host') : (request.header('host') ?? 'localhost');
  const [prefix = ''] = /^(?:\/[\w.~-]+)+(?=\/?$)/.exec(forwarded('prefix')) ?? [];
  return `${scheme}://${host}${prefix}${mount}${before.join('/')}`;
}

/** Each proxy of a chain may add a value. The first one is of the proxy that the client reached. */
function firstOf(header = ''): string {
  return header.split(',', 1)[0]?.trim() ?? '';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RefusalError('malformed', 'A segment of the path is not percent-encoded UTF-8.');
  }
}
