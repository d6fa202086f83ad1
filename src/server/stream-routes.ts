import type { Dialect } from '../dialects/index.ts';
import { isBusy } from '../log/internal.ts';
import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { mint } from '../protocol/internal.ts';
import type { WireId } from '../protocol/index.ts';
import { hasAll } from '../readers/index.ts';
import type { Transcripts } from '../transcripts/index.ts';
import type { Engine } from '../turns/index.ts';
import { empty } from './reply.ts';
import type { Reply } from './reply.ts';
import type { ServerRequest } from './server-request.ts';
import { createSessionOnce } from './create-session-once.ts';
import { deriveSession } from './derive.ts';
import { longPoll } from './long-poll.ts';
import { readJson } from './read-json.ts';
import { readAfter, readKey, toContent } from './request-fields.ts';
import type { Principal } from './principal.ts';
import type { RouteCall, Route } from './routes.ts';
import type { Streams } from './streams.ts';
import { requireOwner } from './require-owner.ts';

export interface StreamRoutesOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly streams: Streams;
  readonly transcripts: Transcripts;
  /** Aborted when the server shuts down. */
  readonly closing: AbortSignal;
  /** The dialects that clients can ask for by name. */
  readonly dialects: readonly Dialect[];
  /** The dialect of one-shot streams that name none. */
  readonly oneShotDialect: 'typed' | 'named';
  /** Whether the route `GET /stream?prompt=` exists. */
  readonly promptInUrl: boolean;
  /** Refuses a principal that has expired or was revoked during a long poll. */
  readonly checkValid: (principal: Principal) => Promise<void>;
}

/**
 * Returns the routes that read: streams of a session, one-shot streams, and the long poll for networks that
 * buffer streams.
 */
export function streamRoutes(options: StreamRoutesOptions): readonly Route[] {
  const { store, transcripts, streams, closing, promptInUrl, checkValid, dialects } = options;
  const oneShot = (
    method: 'GET' | 'POST',
    readPrompt: (request: ServerRequest) => Promise<unknown>,
  ): Route => ({
    method,
    path: '/stream',
    acts: true,
    streams: true,
    handle: (request, call) => answerOneShot(options, request, call, readPrompt),
  });
  return [
    ...(promptInUrl ? [oneShot('GET', async (request) => request.query.get('prompt'))] : []),
    oneShot('POST', async (request) => (await readJson(request))['prompt']),
    {
      method: 'GET',
      path: '/stream/:session',
      acts: false,
      streams: true,
      takes: ['ticket', 'link'],
      handle: async (request, { owner, principal, session }) => {
        const dialect = readDialect(dialects, request, 'typed');
        const after = ownAfter(readAfter(request), session);
        await requireOwner(store, session, owner);
        const fromState = readFrom(request) === 'state';
        return streams.describe(principal, { session, dialect, scope: 'session', after, fromState });
      },
    },
    {
      method: 'GET',
      path: '/events/:session',
      acts: false,
      takes: ['link'],
      handle: async (request, { owner, principal, session }) => {
        const after = ownAfter(readAfter(request), session);
        await requireOwner(store, session, owner);
        const found = await longPoll({ log: store.log, transcripts, closing, session, after }, request);
        await checkValid(principal);
        return found;
      },
    },
  ];
}

/**
 * Answers one prompt with one stream. The id of the first frame contains the session's id, and the frame is
 * sent before the agent is called. A reconnect with an id continues in the same turn. After the last frame a
 * reconnect gets 204, the only status that stops an EventSource.
 */
async function answerOneShot(
  { store, engine, streams, oneShotDialect, dialects }: StreamRoutesOptions,
  request: ServerRequest,
  { owner, principal, spend }: RouteCall,
  readPrompt: (request: ServerRequest) => Promise<unknown>,
): Promise<Reply> {
  const dialect = readDialect(dialects, request, oneShotDialect);
  const after = readAfter(request);
  if (after !== undefined) {
    const { session } = after;
    if (session === undefined)
      throw new RefusalError('malformed', 'The last event id is not one of a one-shot stream.');
    const head = await requireOwner(store, session, owner);
    if (head.kind !== 'once') throw new RefusalError('not_found');
    const isOver = !isBusy(head) && head.waiting === undefined;
    if (isOver && (await hasAll(store.log, { session, dialect, scope: 'turn' }, { after })))
      return empty(204);
    return streams.describe(principal, { session, dialect, scope: 'turn', after });
  }

  const prompt = toContent(await readPrompt(request), 'prompt');
  const key = await readKey(request, 'once', JSON.stringify(prompt));
  const session = key === undefined ? mint(22) : await deriveSession('once', owner, key.id);
  await spend('sessions');
  await spend('messages');
  const at = Date.now();
  const { entries } = await createSessionOnce(
    engine,
    { session, owner, kind: 'once', at },
    { type: 'message', message: mint(16), turn: mint(16), content: prompt, onBusy: 'queue', at },
    key,
  );
  return streams.describe(principal, { session, dialect, scope: 'turn', opening: entries }, () =>
    engine.kick(session),
  );
}

function readDialect(dialects: readonly Dialect[], request: ServerRequest, fallback: string): Dialect {
  const wanted = request.query.get('dialect') ?? fallback;
  const dialect = dialects.find(({ name }) => name === wanted);
  if (dialect === undefined) {
    throw new RefusalError(
      'malformed',
      `There is no dialect of that name; there are: ${dialects.map(({ name }) => name).join(', ')}.`,
    );
  }
  return dialect;
}

/**
 * Checks that an id that names a session names this one. A place in another session's log means nothing here.
 */
function ownAfter(after: WireId | undefined, session: string): WireId | undefined {
  if (after?.session !== undefined && after.session !== session) {
    throw new RefusalError('malformed', 'The last event id belongs to another session.');
  }
  return after;
}

function readFrom(request: ServerRequest): 'start' | 'state' {
  const from = request.query.get('from') ?? 'start';
  if (from !== 'start' && from !== 'state')
    throw new RefusalError('malformed', '"from" must be "start" or "state".');
  return from;
}
