/**
 * The faults of a network, for the requests and responses that pass through it. Empty: a healthy reverse
 * proxy.
 */
export interface NetworkFaults {
  /** Headers of requests that are set, or dropped with `null`. Names are in lower case. */
  readonly requestHeaders?: HeaderChanges;
  /** Headers of responses that are set, or dropped with `null`. */
  readonly responseHeaders?: HeaderChanges;
  /** The same for event streams only. */
  readonly streamHeaders?: HeaderChanges;
  /**
   * The fate of an `X-Forwarded-For` that the caller wrote: the caller's address is added to it, it takes
   * its place, or the header is passed on as it is.
   * @default 'added'
   */
  readonly forwardedFor?: 'added' | 'replaced' | 'passed';
  /** Takes this prefix off the path. Other paths get 404. */
  readonly stripPrefix?: string;
  /** Takes the query off the URL. */
  readonly loseQuery?: true;
  /** Takes the body off requests. */
  readonly loseBody?: true;
  /** Sends requests of these methods twice, and passes on the second response. */
  readonly sendTwice?: readonly string[];
  /** The first response to each POST is lost: the connection is reset, or stays silent. */
  readonly loseFirstAnswer?: 'reset' | 'silence';
  /** Speaks HTTP/1.0 to the server, as nginx does by itself. */
  readonly http10?: true;
  /** Answers a GET from what the first one with this URL brought, whatever the headers say. */
  readonly cache?: true;
  /** Answers in place of the server. */
  readonly instead?: Instead;
  /** Answers 414 to longer URLs and 413 to longer bodies, in bytes, as HTML. */
  readonly longestUrl?: number;
  readonly longestBody?: number;
  /** How many requests are at the server at once. Others wait. */
  readonly mostAtOnce?: number;
  readonly body?: BodyFaults;
  readonly connection?: ConnectionFaults;
}

export type HeaderChanges = Readonly<Record<string, string | null>>;

interface Instead {
  readonly answer: CannedAnswer;
  /** For how long after the first request, in milliseconds. */
  readonly forMs?: number;
  /** Only requests with this method. */
  readonly method?: string;
}

export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The faults of response bodies. */
export interface BodyFaults {
  /** Holds the body, or the whole response, until the body is complete. */
  readonly hold?: 'body' | 'response';
  /** Passes on whole blocks of this many bytes only, and the rest at the end. */
  readonly blocksOf?: number;
  /** Passes on what has gathered, every so many milliseconds. */
  readonly clumpsMs?: number;
  /** Compresses with gzip where the request accepts it, with or without a flush after each chunk. */
  readonly gzip?: 'flushed' | 'unflushed';
  /** Ends each body this many milliseconds after its response began. */
  readonly cut?: { readonly afterMs: number; readonly how: BodyEnd };
  /** Ends a body after so many milliseconds without bytes from the server. */
  readonly idle?: { readonly ms: number; readonly how: BodyEnd };
  /** A body that the server cuts arrives with a clean end. */
  readonly cleanEnds?: true;
  /** The server does not learn that the reader has left. */
  readonly unnoticedLeaving?: true;
}

/** How a body ends early: the connection is reset, or the body seems complete. */
export type BodyEnd = 'reset' | 'clean';

/** The faults of connections between client and network. Times are milliseconds. */
export interface ConnectionFaults {
  /** Nothing passes on a connection after this time, in either direction, and neither side is told. */
  readonly halfOpenAfterMs?: number;
  /** The same after so long a silence, as behind a firewall that forgets connections. */
  readonly forgetAfterMs?: number;
  /**
   * How many of the first connections have these faults.
   * @default Infinity
   */
  readonly first?: number;
}

const html = { 'content-type': 'text/html' };

/** The answers of networks that let nobody through yet, and of broken proxies. */
export const cannedAnswers = {
  signInPage: { status: 200, headers: html, body: '<h1>Sign in</h1>' },
  signInRedirect: { status: 302, headers: { location: 'http://192.0.2.1/sign-in' } },
  signInRequired: { status: 511, headers: html, body: '<h1>Sign in</h1>' },
  badGateway: { status: 502, headers: html, body: '<h1>Bad gateway</h1>' },
} as const satisfies Readonly<Record<string, CannedAnswer>>;
