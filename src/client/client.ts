import { isRecord } from '../protocol/internal.ts';
import type { Content } from '../protocol/index.ts';
import { call } from './call.ts';
import { createKey } from './create-key.ts';
import type { FetchLike } from './fetch-like.ts';
import { followStream } from './follow-stream.ts';
import type { EventAtId } from './event-at-id.ts';
import { createSession, toQuery, toSent } from './session.ts';
import type { SendReceipt, Session } from './session.ts';
import { canShare, shareTabs } from './share-tabs.ts';
import { toOwnTiming } from './timing.ts';
import type { TimingOptions } from './timing.ts';
import type { Events } from './to-events.ts';
import { createTransport } from './transport.ts';
import type { RequestHeaders } from './transport.ts';
import type { CallOptions } from './call.ts';

export interface ClientOptions extends TimingOptions {
  /**
   * The URL of the server, up to its routes: `https://example.com/agents`.
   * @default '' (the origin of the page)
   */
  readonly url?: string;
  /**
   * The headers of every request. A function is called before each attempt, so that it can renew a token. If
   * it throws, the request fails with `bad_request`. An error that `fetch` throws inside it when the network
   * fails is retried instead.
   */
  readonly headers?: RequestHeaders;
  /** @default globalThis.fetch */
  readonly fetch?: FetchLike;
  /**
   * Whether all tabs of one user share one connection for all their sessions. Browsers open only six
   * connections to a host over HTTP/1.1. `true` asks the server for the caller's name. A string is that name
   * and saves the request; it must differ for every user. If tabs cannot agree, as on plain http, each
   * session has its own connection.
   * @default false
   */
  readonly shared?: boolean | string;
}

/** A client of one Heddle server. */
export interface Client {
  /** Creates a session. A repeat with the same key returns the same session. */
  create(options?: CreateOptions): Promise<Session>;
  /**
   * Creates a session with its first message, in one request: both exist or neither does. A repeat with the
   * same key returns the same ones.
   */
  begin(content: Content, options?: BeginOptions): Promise<Begun>;
  /** Returns the handle of a session by its id. It sends no request. */
  session(id: string): Session;
  /**
   * Lists the caller's sessions, last active first. A server lists a hundred at once; `before` asks for more.
   */
  sessions(options?: ListOptions): Promise<readonly SessionSummary[]>;
  /** Ends all following over a shared connection, in all tabs of this user. Other requests go on. */
  logout(): void;
  /** Asks one question and follows its answer to the end, across reconnects. It leaves no session to keep. */
  ask(prompt: string, options?: AskOptions): Events<EventAtId>;
}

export interface CreateOptions extends CallOptions {
  /** Any JSON; the agent receives it. */
  readonly metadata?: unknown;
  /**
   * The idempotency key: the same key returns the same session.
   * @default a new random one
   */
  readonly key?: string;
}

export interface BeginOptions extends CreateOptions {
  /** The sender's name, for sessions with several people. */
  readonly author?: string;
}

/** A session, and the receipt of its first message. */
export interface Begun extends SendReceipt {
  readonly session: Session;
}

export interface ListOptions extends CallOptions {
  /**
   * Lists the sessions that come after this one, the last one of the list before: no session is left out, and
   * none comes twice. Or lists those that were last active before a time, in milliseconds since 1970.
   * @default the current time
   */
  readonly before?: SessionSummary | number;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** The idempotency key: the same key and prompt are one question. */
  readonly key?: string;
}

/** One session in the list of sessions. Times are milliseconds since 1970. */
export interface SessionSummary {
  readonly session: string;
  readonly title?: string;
  readonly createdAt: number;
  readonly activeAt: number;
  /** The open turn. */
  readonly turn?: string;
  /** The number of approvals that wait for an answer. */
  readonly approvals?: number;
}

/** Creates a client. Throws a TypeError if an option such as the URL is not usable. */
export function createClient(options: ClientOptions = {}): Client {
  const { headers, fetch, shared = false } = options;
  const url = (options.url ?? '').replace(/\/+$/, '');
  const transport = createTransport({
    url,
    headers,
    fetch,
    redirect: 'manual',
    timing: toOwnTiming(options),
    isHeddle: true,
  });
  const sharing = shared === false || !canShare() ? undefined : shareTabs(transport, url, shared);
  const toSession = (id: string): Session => createSession(client, transport, id, sharing);
  const create = <Made extends object>(
    body: object,
    decode: (session: Session, value: unknown) => Made | undefined,
    { key = createKey(), ...options }: Pick<CreateOptions, 'key'> & CallOptions,
  ): Promise<Made> =>
    call(
      transport,
      { method: 'POST', path: '/session', body: JSON.stringify(body), key },
      (value) =>
        isRecord(value) && typeof value['session_id'] === 'string'
          ? decode(toSession(value['session_id']), value)
          : undefined,
      options,
    );

  const client: Client = {
    session: toSession,
    logout: () => sharing?.logout(),
    create: ({ metadata, ...options } = {}) => create({ metadata }, (session) => session, options),
    begin: (content, { metadata, author, ...options } = {}) =>
      create(
        { metadata, message: { content, author } },
        (session, value) => {
          const sent = toSent(value);
          return sent && { session, ...sent };
        },
        options,
      ),
    sessions: ({ before, ...options } = {}) =>
      call(
        transport,
        {
          method: 'GET',
          path: `/sessions${toQuery({ before: typeof before === 'object' ? `${before.activeAt}~${before.session}` : before })}`,
        },
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
