import type { Head, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Content, SessionState } from '../protocol/index.ts';
import { isRecord, mint } from '../protocol/internal.ts';
import type { Engine } from '../turns/index.ts';
import { empty, json } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import { createSessionOnce } from './create-session-once.ts';
import { deriveSession } from './derive.ts';
import { readJson } from './read-json.ts';
import { toReceipt } from './receipt.ts';
import { readKey, toContent, toOptionalText } from './request-fields.ts';
import type { Route } from './routes.ts';
import { requireOwner } from './require-owner.ts';

export interface SessionRoutesOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly state: (session: string) => Promise<SessionState | undefined>;
}

/** Returns the routes that create, list, show and delete sessions. */
export function sessionRoutes({ store, engine, state }: SessionRoutesOptions): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/session',
      acts: true,
      handle: async (request, { owner, spend }) => {
        const { metadata, message } = await readJson(request);
        const text = JSON.stringify(metadata) ?? '';
        if (text.length > 16 * 1024) throw new RefusalError('too_large', '"metadata" is longer than 16 KiB.');
        const first = message === undefined ? undefined : toFirst(message);
        const key = await readKey(request, 'session', first ? JSON.stringify([text, first]) : text);
        const session = key === undefined ? mint(22) : await deriveSession('session', owner, key.id);
        await spend('sessions');
        if (first) await spend('messages');
        const at = Date.now();
        const creation = { session, owner, kind: 'session', metadata, at } as const;
        const sent =
          first &&
          ({ ...first, type: 'message', message: mint(16), turn: mint(16), onBusy: 'queue', at } as const);
        const { entries } = await createSessionOnce(engine, creation, sent, key);
        if (first === undefined) return json(201, { session_id: session });
        engine.kick(session);
        return json(201, { session_id: session, ...toReceipt(entries) });
      },
    },
    {
      method: 'GET',
      path: '/sessions',
      acts: false,
      handle: async (request, { owner }) => {
        const before = readBefore(request);
        const listed = await store.sessions.list(owner, {
          limit: 100,
          ...(before !== undefined && { before }),
        });
        return json(200, { sessions: listed.map(({ session, head }) => summarize(session, head)) });
      },
    },
    {
      method: 'GET',
      path: '/session/:session',
      acts: false,
      takes: ['link'],
      handle: async (_, { owner, session }) => {
        await requireOwner(store, session, owner);
        const folded = await state(session);
        if (folded === undefined) throw new RefusalError('not_found');
        return json(200, folded);
      },
    },
    {
      method: 'DELETE',
      path: '/session/:session',
      acts: true,
      handle: async (_, { owner, session }) => {
        await requireOwner(store, session, owner);
        // A running turn finds the log gone at its next check. Readers are woken and end.
        await store.log.drop(session);
        return empty(204);
      },
    },
  ];
}

/** Reads the first message of a session. */
function toFirst(value: unknown): { readonly content: Content; readonly author: string | undefined } {
  if (!isRecord(value)) throw new RefusalError('malformed', '"message" must be an object with "content".');
  return {
    content: toContent(value['content'], 'message.content'),
    author: toOptionalText(value['author'], 'message.author'),
  };
}

function readBefore(request: ServerRequest): number | undefined {
  const text = request.query.get('before');
  if (text === null) return undefined;
  if (!/^\d{1,16}$/.test(text))
    throw new RefusalError('malformed', '"before" must be a time in milliseconds.');
  return Number(text);
}

function summarize(session: string, { title, createdAt, activeAt, turn, waiting }: Head): unknown {
  return {
    session_id: session,
    created_at: createdAt,
    active_at: activeAt,
    ...(title !== undefined && { title }),
    ...(turn && { turn: turn.turn }),
    ...(waiting && { approvals: waiting.approvals.filter(({ answered }) => !answered).length }),
  };
}
