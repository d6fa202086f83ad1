import { isRecord } from '../protocol/internal.ts';
import type { Content } from '../protocol/index.ts';
import { call } from './call.ts';
import { createKey } from './create-key.ts';
import type { FetchLike } from './fetch-like.ts';
import { followStream } from './follow-stream.ts';
import type { EventAtId } from './event-at-id.ts';
import { createSession, toSent } from './session.ts';
import type { SendReceipt, Session } from './session.ts';
import { canShare, shareTabs } from './share-tabs.ts';
import { toTiming } from './timing.ts';
import type { TimingOptions } from './timing.ts';
import type { Events } from './to-events.ts';
import { createTransport } from './transport.ts';
import type { RequestHeaders } from './transport.ts';
import type { CallOptions } from './call.ts';

export interface ClientOptions extends TimingOptions {
  /**
   * Where the server is, up to its routes: `https://example.com/agents`.
   * @default '' (the origin of the page)
   */
  readonly url?: string;
  /**
   * Headers of every request; a function is called before each attempt, so that it can renew a token. What it throws ends what was
   * asked with `bad_request`, but for what `fetch` throws in it where the network fails.
   */
  readonly headers?: RequestHeaders;
  /** @default globalThis.fetch */
  readonly fetch?: FetchLike;
  /**
   * Whether all tabs of one person hold one connection for all their sessions: browsers open only six to a host over HTTP/1.1. `true`
   * asks the server whose they are; a name of who is logged in saves asking, and must be another one for everybody. Where tabs cannot
   * agree, as on plain http, each session has its own connection.
   * @default false
   */
  readonly shared?: boolean | string;
}

/** Talks to one Heddle server. */
export interface Client {
  /** Creates a session. With a key, a repeat finds the same one. */
  create(options?: CreateOptions): Promise<Session>;
  /** Creates a session with its first message, in one request: there is both or neither. With a key, a repeat finds the same ones. */
  begin(content: Content, options?: BeginOptions): Promise<Begun>;
  /** Takes up a session by its id, without asking the server. */
  session(id: string): Session;
  /** Lists the caller's sessions, last active first. A server lists some hundred at once; `before` goes on from there. */
  sessions(options?: ListOptions): Promise<readonly SessionSummary[]>;
  /** Ends everything that is followed over a shared connection, in all tabs of this person. Other requests are not stopped. */
  logout(): void;
  /** Asks one question and follows its answer to the end, across reconnects, without a session to keep. */
  ask(prompt: string, options?: AskOptions): Events<EventAtId>;
}

export interface CreateOptions extends CallOptions {
  /** Any JSON; the agent is given it. */
  readonly metadata?: unknown;
  /**
   * The idempotency key: the same key is the same session.
   * @default a new random one
   */
  readonly key?: string;
}

export interface BeginOptions extends CreateOptions {
  /** The sender's name, for sessions of several people. */
  readonly author?: string;
}

/** A session, and where its first message stands. */
export interface Begun extends SendReceipt {
  readonly session: Session;
}

export interface ListOptions extends CallOptions {
  /**
   * Lists what was last active before this time, in milliseconds since 1970: the `activeAt` of the last one that is known.
   * @default the time there is
   */
  readonly before?: number;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** The idempotency key: the same key and prompt are one question. */
  readonly key?: string;
}

/** A line in the list of sessions. Times are milliseconds since 1970. */
export interface SessionSummary {
  readonly session: string;
  readonly title?: string;
  readonly createdAt: number;
  readonly activeAt: number;
  /** The turn that is open. */
  readonly turn?: string;
  /** How many approvals wait for an answer. */
  readonly approvals?: number;
}

/** Makes a client; throws a TypeError where the URL cannot be used. */
export function createClient(options: ClientOptions = {}): Client {
  const { headers, fetch, shared = false } = options;
  const url = (options.url ?? '').replace(/\/+$/, '');
  const transport = createTransport({
    url,
    headers,
    fetch,
    redirect: 'manual',
    timing: toTiming(options),
  });
  const sharing = shared === false || !canShare() ? undefined : shareTabs(transport, url, shared);
  const toSession = (id: string): Session => createSession(client, transport, id, sharing);

  const client: Client = {
    session: toSession,
    logout: () => sharing?.logout(),
    create: ({ metadata, key = createKey(), ...options } = {}) =>
      call(
        transport,
        { method: 'POST', path: '/session', body: JSON.stringify({ metadata }), key },
        (value) =>
          isRecord(value) && typeof value['session_id'] === 'string'
            ? toSession(value['session_id'])
            : undefined,
        options,
      ),
    begin: (content, { metadata, author, key = createKey(), ...options } = {}) =>
      call(
        transport,
        {
          method: 'POST',
          path: '/session',
          body: JSON.stringify({ metadata, message: { content, author } }),
          key,
        },
        (value) => {
          const sent = toSent(value);
          return sent && isRecord(value) && typeof value['session_id'] === 'string'
            ? { session: toSession(value['session_id']), ...sent }
            : undefined;
        },
        options,
      ),
    sessions: ({ before, ...options } = {}) =>
      call(
        transport,
        { method: 'GET', path: before === undefined ? '/sessions' : `/sessions?before=${before}` },
        (value) =>
          isRecord(value) && Array.isArray(value['sessions'])
            ? value['sessions'].map(toSummary).filter((summary) => summary !== undefined)
            : undefined,
        options,
      ),
    ask: (prompt, { signal, key = createKey() } = {}) =>
      followStream(
        transport,
        { method: 'POST', path: '/stream?dialect=typed', body: JSON.stringify({ prompt }), key },
        { signal, once: true },
      ),
  };
  return client;
}

function toSummary(value: unknown): SessionSummary | undefined {
  if (!isRecord(value)) return undefined;
  const { session_id: session, title, created_at: createdAt, active_at: activeAt, turn, approvals } = value;
  if (typeof session !== 'string' || typeof createdAt !== 'number' || typeof activeAt !== 'number')
    return undefined;
  return {
    session,
    createdAt,
    activeAt,
    ...(typeof title === 'string' && { title }),
    ...(typeof turn === 'string' && { turn }),
    ...(typeof approvals === 'number' && { approvals }),
  };
}
