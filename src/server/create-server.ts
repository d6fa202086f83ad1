import { RefusalError, toAgent } from '../protocol/index.ts';
import { checkNumber, checkNumbers, timerOrNever, times } from '../protocol/internal.ts';
import type { Agent, AgentFunction, SessionState } from '../protocol/index.ts';
import type { EngineOptions } from '../turns/index.ts';
import { checkEngineOptions, createEngine, readTranscript, reportError } from '../turns/index.ts';
import { createReaders } from '../readers/index.ts';
import { adminRoutes } from './admin.ts';
import { empty, redirect, securityHeaders } from './reply.ts';
import type { Reply, WholeReply } from './reply.ts';
import type { RequestFacts, RequestRecord } from './request-record.ts';
import type { ServerRequest } from './server-request.ts';
import { createBudgets } from './budget.ts';
import { withBlocks } from './blocks.ts';
import type { Blocks } from './blocks.ts';
import { callerRoute } from './callers.ts';
import { toCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { dispatch } from './dispatch.ts';
import { checkValid } from './identify.ts';
import type { AuthOptions } from './identify.ts';
import { toFetch } from './fetch.ts';
import { createFinder } from './find-route.ts';
import { createGuard } from './guard.ts';
import type { GuardOptions } from './guard.ts';
import { healthRoutes } from './health.ts';
import { watchLifetimes } from './lifetimes.ts';
import { linkRoute } from './links.ts';
import { longestSilenceMs } from './longest-silence.ts';
import { manySessionsRoute } from './many-sessions.ts';
import { messageRoutes } from './messages.ts';
import { onceAMinute } from './once-a-minute.ts';
import { createPasses } from './passes.ts';
import { toProblem } from './problem.ts';
import type { QuotaOptions } from './quotas.ts';
import { createQuotas } from './quotas.ts';
import { runHook } from './run-hook.ts';
import type { Route } from './routes.ts';
import { sessionRoutes } from './sessions.ts';
import { streamRoutes } from './stream-routes.ts';
import { createStreams } from './streams.ts';
import { ticketRoute } from './tickets.ts';

/** The whole of Heddle's HTTP side: a function from a request to an answer. */
export interface Server {
  /** Answers a request; never rejects. */
  handle(request: ServerRequest): Promise<Reply>;
  /** The same for runtimes that speak Request and Response. */
  fetch(request: Request): Promise<Response>;
  /**
   * Ends all streams (they come back elsewhere), lets turns finish for `drainMs` milliseconds, `Infinity` for as long as they take, and closes the store.
   * @default 30_000
   */
  close(drainMs?: number): Promise<void>;
  /** Tells an error to `onError`: for a door that could not write an answer. */
  tell(error: unknown): void;
  /** How many streams are open and sessions at work. */
  readonly load: { readonly streams: number; readonly sessions: number };
  /** What is open, and what was counted until now. */
  counts(): Counts;
  /** The routes, as data. */
  readonly routes: readonly Route[];
}

export interface ServerOptions extends GuardOptions, AuthOptions, Omit<EngineOptions, 'agent'> {
  /** What answers: an agent, or the function of one. */
  readonly agent: Agent | AgentFunction;
  /**
   * What tickets and links are signed with, the newest first; the same on all nodes, each of 32 characters or more.
   * @default a random one: what it signs is good for this process only
   */
  readonly secrets?: readonly string[];
  /** Told of each request when it is answered, or its stream begins. */
  readonly onAnswer?: (record: RequestRecord) => void;
  /**
   * Told in a sentence why pages or host names are refused, and what lets them in: each sentence once a
   * minute, at most ten a minute.
   * @default console.error
   */
  readonly onWarning?: (sentence: string) => void;
  /** Keeps owners out whom an admin names. @default an admin can stop somebody, and not keep them out */
  readonly blocks?: Blocks;
  /** How much one caller may take. @default as much as there is */
  readonly quotas?: QuotaOptions;
  /** The path the server is mounted under. @default '' */
  readonly basePath?: string;
  /** The dialect of one-shot streams that name none. @default 'named' */
  readonly oneShotDialect?: 'typed' | 'named';
  /** Whether `GET /stream?prompt=` is there, for plain EventSource. @default true */
  readonly promptInUrl?: boolean;
  /** Answers paths that are no route: the chat page. */
  readonly page?: (path: string) => Reply | undefined | Promise<Reply | undefined>;
  /** The longest silence of a stream, in milliseconds; with `Infinity` nothing is said into it. @default 15_000, and 5_000 on Bun */
  readonly keepaliveMs?: number;
  /** How long a stream may live, in milliseconds ± 20 %; its client comes back. `Infinity`: as long as it likes. @default 600_000 */
  readonly maxAgeMs?: number;
}

/** Creates a server and starts its engine. Throws a TypeError where options do not fit together. */
export function createServer(given: ServerOptions): Server {
  const checked = checkNumbers(given, { keepaliveMs: timerOrNever, maxAgeMs: timerOrNever });
  const options = { ...checked, ...checkEngineOptions(checked) };
  const { store, page, basePath = '' } = options;
  if (basePath !== '' && (!basePath.startsWith('/') || basePath.endsWith('/'))) {
    throw new TypeError(`basePath: "${basePath}" must begin with "/" and not end with it, like /agent`);
  }
  const guard = createGuard(options);
  const { onWarning = (sentence: string) => console.error(`heddle: ${sentence}`) } = options;
  const warn = onceAMinute((sentence) => runHook(() => onWarning(sentence), options.onError));
  const passes = { store, passes: createPasses(options.secrets), isOwn: guard.isOwn };
  const entering = { ...withBlocks(options), ...passes };
  const quotas = createQuotas(options.quotas ?? {}, store);
  const budgets = options.quotas?.rates?.length ? { openBudget: createBudgets(quotas.spend) } : undefined;
  const engine = createEngine({ ...options, ...budgets, agent: toAgent(options.agent) });
  const { keepaliveMs = Math.min(times.keepaliveMs, longestSilenceMs), maxAgeMs = 600_000 } = options;
  let closing: Promise<void> | undefined;
  const isClosing = new AbortController();

  const state = async (session: string): Promise<SessionState | undefined> =>
    (await readTranscript(store.log, session))?.state;
  const readers = createReaders({ log: store.log, state, keepaliveMs, maxAgeMs });
  const streams = createStreams(readers, () => closing !== undefined);
  const stopLifetimes = watchLifetimes({ ...entering, held: streams.held });
  const { oneShotDialect = 'named', promptInUrl = true } = options;
  const routes: readonly Route[] = [
    ...sessionRoutes({ store, engine, state }),
    ...messageRoutes({ engine, state }),
    ...streamRoutes({
      store,
      engine,
      state,
      streams,
      closing: isClosing.signal,
      oneShotDialect,
      promptInUrl,
      checkValid: (principal) => checkValid(entering, principal),
    }),
    manySessionsRoute(store, streams),
    ticketRoute(passes),
    linkRoute(passes),
    callerRoute(passes.passes),
    ...adminRoutes(store, engine, options.blocks),
    ...healthRoutes(store, engine, () => closing !== undefined),
  ];
  const find = createFinder(routes);

  const answer = async (request: ServerRequest, about: RequestFacts): Promise<Reply> => {
    const path =
      request.path === basePath
        ? '/'
        : request.path.startsWith(`${basePath}/`)
          ? request.path.slice(basePath.length)
          : undefined;
    const isOptions = request.method === 'OPTIONS';
    // Of the whole server, and not of a route (RFC 9110, section 9.3.7).
    if (isOptions && request.path === '*') return empty(204);
    const { route, session, allow } = path === undefined ? {} : find(request.method, path);
    const isPage = session === undefined && path !== undefined && (isRead(request) || isOptions);
    const shown = isPage ? await page?.(path) : undefined;
    if (session === undefined && shown === undefined) {
      return { ...toProblem(new RefusalError('not_found')), unrouted: true };
    }
    // Probes ask by an address, or name no host; and that a method is there is no secret.
    if (!route?.open && !isOptions) guard.checkHost(request);
    if (isOptions) return withAllow(empty(204), shown ? 'GET, HEAD' : allow);
    // What the page names relative to itself must lie below the base path.
    if (shown && request.path === basePath) return redirect(toPlace(request, basePath));
    if (shown) return shown;
    if (route === undefined) return withAllow(toProblem(new RefusalError('method_not_allowed')), allow);
    return dispatch({ guard, quotas, entering, about }, request, route, session ?? '');
  };

  const handle = async (request: ServerRequest): Promise<Reply> => {
    const start = performance.now();
    const about: RequestFacts = {};
    const { headers, ...found } = await answer(request, about).catch((error: unknown) => {
      if (isForbidden(error)) warn(error.message);
      // A refusal with a cause is the store's: its words are for whoever runs this.
      else if (!(error instanceof RefusalError) || error.cause !== undefined)
        reportError(options.onError, error);
      return toProblem(error);
    });
    const ms = Math.round(performance.now() - start);
    const code = 'code' in found ? found.code : undefined;
    const answered = { method: request.method, status: found.status, ms, ...(code && { code }), ...about };
    runHook(() => options.onAnswer?.(answered), options.onError);
    return { ...found, headers: { ...securityHeaders, ...headers, ...guard.corsHeaders(request) } };
  };

  const tellError = (error: unknown): void => reportError(options.onError, error);
  const close = async (drainMs: number): Promise<void> => {
    isClosing.abort();
    await Promise.all([engine.close(drainMs), readers.drain({ isAtWork: engine.isAtWork, drainMs })]);
    stopLifetimes();
    await store.close();
  };

  return {
    handle,
    fetch: toFetch({ handle, tell: tellError }),
    tell: tellError,
    close: async (given = 30_000) => {
      const drainMs = checkNumber('drainMs', given, { ...timerOrNever, least: 0 });
      await (closing ??= close(drainMs));
    },
    get load() {
      return { streams: readers.running.size, sessions: engine.running };
    },
    counts: () => toCounts(readers, engine),
    routes,
  };
}

/**
 * Refused for the name it was asked by, or the page that asks: a proxy or an option is amiss, or somebody
 * tries.
 */
function isForbidden(error: unknown): error is RefusalError {
  return (
    error instanceof RefusalError && (error.code === 'forbidden_host' || error.code === 'forbidden_origin')
  );
}

/** With one slash before it: after two a browser would take what follows for a host. */
function toPlace({ mount = '' }: ServerRequest, basePath: string): string {
  return `${mount}${basePath}/`.replace(/^[/\\]*/, '/');
}

function isRead({ method }: ServerRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function withAllow(reply: WholeReply, allow = ''): WholeReply {
  return { ...reply, headers: { ...reply.headers, allow } };
}
