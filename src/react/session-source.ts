import { createClient, createKey } from '../client/index.ts';
import type {
  Client,
  ClientOptions,
  RequestHeaders,
  SendOptions,
  SendReceipt,
  Session,
} from '../client/index.ts';
import { sessionPattern } from '../protocol/index.ts';
import type { Content } from '../protocol/index.ts';
import { isRecord } from '../protocol/internal.ts';

/**
 * The session to follow. It is a session handle; its URL, `https://example.com/agents/session/<id>`; or the
 * URL of a server, `https://example.com/agents`, where the first message creates a session. A URL may be
 * relative; `''` is the origin of the page.
 */
export type SessionSource = Session | string;

export interface UseSessionOptions extends Omit<ClientOptions, 'url'> {
  /** Any JSON; the agent of a created session receives it. */
  readonly metadata?: unknown;
  /**
   * How many of the last messages to load, at least: from 1 to 9,999, or Infinity for all. `loadEarlier` loads
   * as many again.
   * @default 100
   */
  readonly messages?: number;
}

/** Returns how many messages to load. */
export function toCount({ messages = 100 }: UseSessionOptions): number {
  return messages;
}

/** A source that is connected when it is first needed. Rendering on a server never needs it. */
export interface OpenSource {
  /** Returns the id of the session, if there is one. */
  id(): string | undefined;
  /** Returns the session, if there is one. */
  get(): Session | undefined;
  /** Creates the session with its first message. */
  begin(content: Content, options?: SendOptions): Promise<SendReceipt>;
  /** Returns whether another source leads to the same session, with any credentials. */
  isAt(other: SessionSource): boolean;
  /** Returns whether another source is equivalent: the same session, with the same options. */
  isSame(other: SessionSource, options: UseSessionOptions): boolean;
}

/** Opens a source; sends no request. `options` is called when the options are needed. */
export function openSource(source: SessionSource, options: () => UseSessionOptions): OpenSource {
  const place = typeof source === 'string' ? toPlace(source) : undefined;
  let session = typeof source === 'string' ? undefined : source;
  let client: Client | undefined;
  /** The last attempt. A repeat after a lost response finds the session that the first attempt created. */
  let tried: { readonly asked: string; readonly key: string } | undefined;

  function connect(): Client {
    const { metadata: _, messages: __, headers, ...rest } = options();
    return (client ??= createClient({
      ...rest,
      url: place?.server ?? '',
      ...(headers !== undefined && { headers: typeof headers === 'function' ? freshHeaders : headers }),
    }));
  }
  // Components often make the function anew in each render, and it then knows a newer token.
  const freshHeaders: RequestHeaders = () => {
    const { headers = {} } = options();
    return typeof headers === 'function' ? headers() : headers;
  };

  const id = (): string | undefined => session?.id ?? place?.session;
  const get = (): Session | undefined =>
    session ?? (place?.session === undefined ? undefined : (session = connect().session(place.session)));
  return {
    id,
    get,
    async begin(content, { onBusy: _, replaces: __, seen: ___, ...sending } = {}) {
      const { metadata } = options();
      const asked = JSON.stringify([content, sending.author, metadata]);
      const key = sending.key ?? (tried?.asked === asked ? tried.key : createKey());
      tried = { asked, key };
      const more = { ...sending, key, ...(metadata !== undefined && { metadata }) };
      const { session: begun, ...sent } = await connect().begin(content, more);
      session = begun;
      return sent;
    },
    isAt(other) {
      const there = typeof other === 'string' ? toPlace(other) : { server: place?.server, session: other.id };
      return there.session !== undefined && there.session === id() && there.server === place?.server;
    },
    isSame(other, theirs) {
      if (toCount(options()) !== toCount(theirs)) return false;
      if (typeof other !== 'string') return typeof source !== 'string' && isOne(source, other);
      const there = toPlace(other);
      const isThere = there.session !== undefined && there.session === id();
      return isThere && there.server === place?.server && isEqual(toAsking(options()), toAsking(theirs));
    },
  };
}

/** Returns the options of the client. An existing session already has its metadata. */
function toAsking({ metadata: _, messages: __, ...asking }: UseSessionOptions): UseSessionOptions {
  return asking;
}

/**
 * Returns whether two handles are of one session of one client. A component may make one anew in each render.
 */
function isOne(one: Session, other: Session): boolean {
  return one.id === other.id && one.client === other.client;
}

/** Returns whether two values are the same, or records with the same values. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other || !isRecord(one) || !isRecord(other)) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isEqual(one[name], other[name]));
}

interface Place {
  /** The URL of the server, up to its routes. */
  readonly server: string;
  readonly session?: string;
}

function toPlace(url: string): Place {
  const [, server = url, session] = /^(.*)\/session\/([^/]+)\/?$/.exec(url) ?? [];
  if (session !== undefined && sessionPattern.test(session))
    return { server: server.replace(/\/+$/, ''), session };
  return { server: url.replace(/\/+$/, '') };
}
