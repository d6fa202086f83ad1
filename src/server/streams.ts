import { named, typed } from '../dialects/index.ts';
import type { Dialect } from '../dialects/index.ts';
import { giveWay } from '../log/index.ts';
import type { Store } from '../log/index.ts';
import { RefusalError, mint } from '../protocol/index.ts';
import type { WireId } from '../protocol/index.ts';
import { isBusy } from '../turns/index.ts';
import type { Engine } from '../turns/index.ts';
import { empty } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Ask } from './ask.ts';
import { createSession } from './create-session.ts';
import { deriveSession } from './derive.ts';
import { longPoll } from './long-poll.ts';
import { readJson } from './read-json.ts';
import { readAfter, readKey, toContent } from './request-fields.ts';
import type { Principal } from './principal.ts';
import type { Call, Route } from './routes.ts';
import { requireOwner } from './sessions.ts';
import { toStream } from './stream.ts';
import type { StreamContext } from './stream.ts';
import { toFrames } from './to-frames.ts';

export interface StreamRoutesOptions {
  readonly store: Store;
  readonly engine: Engine;
  readonly context: StreamContext;
  /** Aborted when the server shuts down. */
  readonly closing: AbortSignal;
  /** The dialect of one-shot streams that name none. */
  readonly oneShotDialect: 'typed' | 'named';
  /** Whether `GET /stream?prompt=` is there. */
  readonly promptInUrl: boolean;
  /** Refuses a principal who is no longer good: for what was waited for. */
  readonly checkValid: (principal: Principal) => Promise<void>;
}

const dialects: ReadonlyMap<string, Dialect> = new Map(
  [typed, named].map((dialect) => [dialect.name, dialect]),
);

/** The routes that read: streams of a session, one-shot streams, and the long poll for networks that buffer streams. */
export function streamRoutes(options: StreamRoutesOptions): readonly Route[] {
  const { store, context, closing, promptInUrl, checkValid } = options;
  const oneShot = (method: 'GET' | 'POST', readPrompt: (ask: Ask) => Promise<unknown>): Route => ({
    method,
    path: '/stream',
    acts: true,
    streams: true,
    handle: (ask, call) => answerOneShot(options, ask, call, readPrompt),
  });
  return [
    ...(promptInUrl ? [oneShot('GET', async (ask) => ask.query.get('prompt'))] : []),
    oneShot('POST', async (ask) => (await readJson(ask))['prompt']),
    {
      method: 'GET',
      path: '/stream/:session',
      acts: false,
      streams: true,
      takes: ['ticket', 'link'],
      handle: async (ask, { owner, principal, session }) => {
        const dialect = readDialect(ask, 'typed');
        const after = ownAfter(readAfter(ask), session);
        await requireOwner(store, session, owner);
        const fromState = readFrom(ask) === 'state';
        return toStream(context, { session, principal, dialect, scope: 'session', after, fromState });
      },
    },
    {
      method: 'GET',
      path: '/events/:session',
      acts: false,
      takes: ['link'],
      handle: async (ask, { owner, principal, session }) => {
        const after = ownAfter(readAfter(ask), session);
        await requireOwner(store, session, owner);
        const found = await longPoll({ context, closing, session, after }, ask);
        await checkValid(principal);
        return found;
      },
    },
  ];
}

/**
 * One prompt, one answer. The session's id is in the id of the first frame, which goes out before the agent is called; a reconnect
 * with it reads on in the same turn, and after the last frame gets 204, the one answer that stops an EventSource.
 */
async function answerOneShot(
  { store, engine, context, oneShotDialect }: StreamRoutesOptions,
  ask: Ask,
  { owner, principal, spend }: Call,
  readPrompt: (ask: Ask) => Promise<unknown>,
): Promise<Answer> {
  const dialect = readDialect(ask, oneShotDialect);
  const after = readAfter(ask);
  if (after !== undefined) {
    const { session } = after;
    if (session === undefined)
      throw new RefusalError('malformed', 'The last event id is not one of a one-shot stream.');
    const head = await requireOwner(store, session, owner);
    if (head.kind !== 'once') throw new RefusalError('not_found');
    const isOver = !isBusy(head) && head.waiting === undefined;
    if (isOver && (await hasAll(store, session, dialect, after))) return empty(204);
    return toStream(context, { session, principal, dialect, scope: 'turn', after });
  }

  const prompt = toContent(await readPrompt(ask), 'prompt');
  const key = await readKey(ask, 'once', JSON.stringify(prompt));
  const session = key === undefined ? mint(22) : await deriveSession('once', owner, key.id);
  await spend('sessions');
  await spend('messages');
  const at = Date.now();
  const { entries } = await createSession(
    engine,
    { session, owner, kind: 'once', at },
    { type: 'message', message: mint(16), turn: mint(16), content: prompt, onBusy: 'queue', at },
    key,
  );
  return toStream(context, {
    session,
    principal,
    dialect,
    scope: 'turn',
    after: undefined,
    opening: entries,
    onOpen: () => engine.kick(session),
  });
}

/** Whether the client has the last frame of a one-shot stream that is over: asked of the projection itself, for not every entry has a frame. */
async function hasAll(store: Store, session: string, dialect: Dialect, after: WireId): Promise<boolean> {
  if ((await store.log.read(session, after.id, 1)).type !== 'page') return false;
  const projection = dialect.open({ scope: 'turn' });
  for (let last: string | undefined; ;) {
    const page = await store.log.read(session, last, 256);
    if (page.type !== 'page' || page.entries.length === 0) return true;
    if (page.entries.some((entry) => toFrames(entry, projection.project(entry), session, after) !== ''))
      return false;
    last = page.entries.at(-1)?.id;
    const turn = giveWay();
    if (turn !== undefined) await turn;
  }
}

function readDialect(ask: Ask, fallback: string): Dialect {
  const name = ask.query.get('dialect') ?? fallback;
  const dialect = dialects.get(name);
  if (dialect === undefined) {
    throw new RefusalError(
      'malformed',
      `There is no dialect of that name; there are: ${[...dialects.keys()].join(', ')}.`,
    );
  }
  return dialect;
}

/** An id that names a session must name this one: another's place in its log says nothing here. */
function ownAfter(after: WireId | undefined, session: string): WireId | undefined {
  if (after?.session !== undefined && after.session !== session) {
    throw new RefusalError('malformed', 'The last event id belongs to another session.');
  }
  return after;
}

function readFrom(ask: Ask): 'start' | 'state' {
  const from = ask.query.get('from') ?? 'start';
  if (from !== 'start' && from !== 'state')
    throw new RefusalError('malformed', '"from" must be "start" or "state".');
  return from;
}
