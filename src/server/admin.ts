import { isBusy } from '../log/internal.ts';
import type { Head, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Engine } from '../turns/index.ts';
import { json } from './reply.ts';
import type { Blocks } from './blocks.ts';
import { killSession } from './kill.ts';
import { readJson } from './read-json.ts';
import { toOptionalText } from './request-fields.ts';
import type { Route } from './routes.ts';

/** The most sessions in one answer. A caller repeats the request to get the rest. */
const limit = 1_000;
/** The longest block of an owner, in seconds. */
const maxSeconds = 30 * 86_400;

/**
 * Returns the routes for operators: they list the sessions that are at work, and stop them. They show no
 * conversation.
 */
export function adminRoutes(store: Store, engine: Engine, blocks: Blocks | undefined): readonly Route[] {
  const find = async (owner: string | undefined): Promise<readonly { session: string; head: Head }[]> => {
    const due = await store.sessions.due({ limit, ...(owner !== undefined && { owner }) });
    return due.filter(({ head }) => isBusy(head));
  };
  return [
    {
      method: 'GET',
      path: '/admin/sessions',
      acts: false,
      admin: true,
      handle: async (request) => {
        const found = await find(request.query.get('owner') ?? undefined);
        return json(200, { sessions: found.map(({ session, head }) => describe(session, head)) });
      },
    },
    {
      method: 'POST',
      path: '/admin/kill',
      acts: true,
      admin: true,
      handle: async (request) => {
        const body = await readJson(request);
        const session = toOptionalText(body['session'], 'session');
        const owner = toOptionalText(body['owner'], 'owner');
        const given = [session, owner, body['all'] === true || undefined].filter(
          (each) => each !== undefined,
        );
        if (given.length !== 1)
          throw new RefusalError('malformed', 'Give one of "session", "owner" and "all": true.');
        const seconds = toSeconds(body['for'], owner);
        if (seconds !== undefined && owner !== undefined) {
          if (blocks === undefined)
            throw new RefusalError('malformed', 'This server cannot block owners: it has no "blocks".');
          // The block comes first, so that the owner starts nothing new while the sessions are stopped.
          await blocks.block(owner, seconds * 1000);
        }
        const sessions = session === undefined ? (await find(owner)).map((each) => each.session) : [session];
        const killed = await Promise.all(sessions.map((each) => killSession(store.log, engine, each)));
        if (session !== undefined && !killed[0]) throw new RefusalError('not_found');
        return json(200, { killed: sessions.filter((_, index) => killed[index]) });
      },
    },
  ];
}

function toSeconds(value: unknown, owner: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (owner !== undefined && typeof value === 'number' && value >= 0 && value <= maxSeconds) return value;
  throw new RefusalError(
    'malformed',
    `"for" goes with "owner", and must be a number of seconds from 0 to ${maxSeconds}.`,
  );
}

function describe(session: string, { owner, kind, turn, queue, activeAt }: Head): unknown {
  return {
    session_id: session,
    owner,
    kind,
    active_at: activeAt,
    queued: queue.length,
    ...(turn && { turn: turn.turn, ...(turn.cancelled && { cancelled: true }) }),
  };
}
