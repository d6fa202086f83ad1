import type { Head, ListPlace, Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import type { Content } from '../protocol/index.ts';
import { isRecord, mint } from '../protocol/internal.ts';
import { dropSession } from '../turns/index.ts';
import type { Engine } from '../turns/index.ts';
import { toJsonText } from '../transcripts/index.ts';
import type { Transcripts } from '../transcripts/index.ts';
import { empty, json, jsonText } from './reply.ts';
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
  readonly transcripts: Transcripts;
}

/** The most sessions of one list. */
const listSize = 100;

/** Returns the routes that create, list, show and delete sessions. */
export function sessionRoutes({ store, engine, transcripts }: SessionRoutesOptions): readonly Route[] {
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
        const before = readPlace(request);
        const listed = await store.sessions.list(owner, {
          limit: listSize,
          ...(before !== undefined && { before }),
        });
        const last = listed.length < listSize ? undefined : listed.at(-1);
        const sessions = listed.map(({ session, head }) => summarize(session, head));
        return json(200, { sessions, ...(last && { next: `${last.head.activeAt}~${last.session}` }) });
      },
    },
    {
      method: 'GET',
      path: '/session/:session',
      acts: false,
      takes: ['link'],
      handle: async (request, { owner, session }) => {
        const { messages, before } = readWindow(request);
        await requireOwner(store, session, owner);
        const state =
          messages === undefined
            ? (await transcripts.read(session))?.state
            : await transcripts.window(session, messages, before);
        if (state === undefined) throw new RefusalError('not_found');
        if (state === 'unknown')
          throw new RefusalError('malformed', 'There is no message of that name to page back from.');
        return jsonText(200, await toJsonText(state));
      },
    },
    {
      method: 'DELETE',
      path: '/session/:session',
      acts: true,
      handle: async (_, { owner, session }) => {
        const head = await requireOwner(store, session, owner);
        // A running turn finds the log gone at its next check. Readers are woken and end.
        await dropSession(store.log, session, head);
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

function readPlace(request: ServerRequest): ListPlace | undefined {
  const text = request.query.get('before');
  if (text === null) return undefined;
  const [, activeAt, session] = /^(\d{1,16}(?:\.\d{1,9})?)(?:~([A-Za-z0-9_-]{1,64}))?$/.exec(text) ?? [];
  if (activeAt === undefined)
    throw new RefusalError('malformed', '"before" must be a time in milliseconds, or the "next" of a list.');
  return { activeAt: Number(activeAt), ...(session !== undefined && { session }) };
}

/** Reads how many messages of a state are asked for, and the message that they come before. */
function readWindow(request: ServerRequest): { readonly messages?: number; readonly before?: string } {
  const [text, before] = [request.query.get('messages'), request.query.get('before')];
  if (text === null) {
    if (before === null) return {};
    throw new RefusalError('malformed', '"before" needs "messages": how many of them to return.');
  }
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new RefusalError('malformed', '"messages" must be a whole number from 1 to 9999.');
  return { messages: Number(text), ...(before !== null && { before }) };
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
