import { tagged } from '../dialects/index.ts';
import type { Store } from '../log/index.ts';
import { RefusalError, fromWireId, refusals, sessionPattern } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';
import type { WireId } from '../protocol/index.ts';
import { encode } from '../wire/index.ts';
import { readJson } from './read-json.ts';
import type { Route } from './routes.ts';
import type { Streams } from './streams.ts';
import { findOwned } from './require-owner.ts';

/** The most sessions in one stream. */
const maxSessions = 100;

/**
 * Returns the route that carries several sessions on one connection. If a session does not exist, or is not
 * the caller's, the stream reports it. The other sessions are not affected.
 */
export function manySessionsRoute(store: Store, streams: Streams): Route {
  return {
    method: 'POST',
    path: '/streams',
    acts: true,
    streams: true,
    handle: async (request, { owner, principal }) => {
      const wanted = toWanted((await readJson(request))['sessions']);
      const found = await Promise.all(wanted.map(([session]) => findOwned(store, session, owner)));
      const refused = wanted.filter((_, index) => !found[index]).map(([session]) => toRefused(session));
      const each = wanted
        .filter((_, index) => found[index])
        .map(([session, after]) =>
          streams.describe(principal, { session, dialect: tagged(session), scope: 'session', after }),
        );
      const opening = encode({ comment: ' heddle' }) + refused.join('');
      return streams.describeTogether(each, opening);
    },
  };
}

function toWanted(value: unknown): readonly (readonly [string, WireId | undefined])[] {
  const sessions = isRecord(value) ? Object.entries(value) : [];
  if (sessions.length === 0 || sessions.length > maxSessions) {
    throw new RefusalError(
      'malformed',
      `"sessions" must be an object of 1 to ${maxSessions} session ids, each with the last id known of it, or null.`,
    );
  }
  return sessions.map(([session, after]) => {
    const id = typeof after === 'string' ? fromWireId(after) : undefined;
    const isId = after === null || (id !== undefined && (id.session ?? session) === session);
    if (!sessionPattern.test(session) || !isId) {
      throw new RefusalError('malformed', 'A session id, or a last event id, is not one of this server.');
    }
    return [session, id] as const;
  });
}

function toRefused(session: string): string {
  const { status, title } = refusals.not_found;
  return encode({ data: JSON.stringify({ session, problem: { status, code: 'not_found', title } }) });
}
