import { named, typed } from '../dialects/index.ts';
import type { Dialect } from '../dialects/index.ts';
import { RefusalError, toAgent } from '../protocol/index.ts';
import { checkNumber, checkNumbers, timerOrNever, times } from '../protocol/internal.ts';
import type { Agent, AgentFunction } from '../protocol/index.ts';
import type { EngineOptions } from '../turns/index.ts';
import { createTranscripts } from '../transcripts/index.ts';
import { checkEngineOptions, createEngine, reportError } from '../turns/index.ts';
import { createReaders } from '../readers/index.ts';
import { adminRoutes } from './admin.ts';
import { findBelow, toSlashed } from './base-path.ts';
import { empty, redirect, securityHeaders } from './reply.ts';
import type { Reply, WholeReply } from './reply.ts';
import type { Principal } from './principal.ts';
import type { RequestFacts, RequestRecord } from './request-record.ts';
import type { ServerRequest } from './server-request.ts';
import { createBudgets } from './budget.ts';
import { withBlocks } from './blocks.ts';
import type { Blocks } from './blocks.ts';
import { callerRoute } from './callers.ts';
import { toCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { dispatch } from './dispatch.ts';
import { checkValid, isAdmin } from './identify.ts';
import type { AuthOptions } from './identify.ts';
import { toFetch } from './fetch.ts';
import { checkDialects } from './dialects/check-dialects.ts';
import { dialectRoutes } from './dialects/dialect-routes.ts';
import { createFinder } from './find-route.ts';
import type { RouteMatch } from './find-route.ts';
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
import { probeRoutes } from './probe/probe-routes.ts';
import { toProblem } from './problem.ts';
import type { QuotaOptions } from './quotas.ts';
import { createQuotas } from './quotas.ts';
import { runHook } from './run-hook.ts';
import type { Route } from './routes.ts';
import { sessionRoutes } from './sessions.ts';
import { streamRoutes } from './stream-routes.ts';
import { createStreams } from './streams.ts';
import type { WebhookOptions } from './webhooks/webhook-options.ts';
import { createWebhooks } from './webhooks/webhooks.ts';
import { ticketRoute } from './tickets.ts';
import { WordedRefusal } from './worded-refusal.ts';

/** The HTTP side of Heddle: a function from a request to a reply. */
export interface Server {
  /** Answers a request; never rejects. */
  handle(request: ServerRequest): Promise<Reply>;
  /** Answers a request in runtimes that use Request and Response. */
  fetch(request: Request): Promise<Response>;
  /**
   * Ends all streams (their clients reconnect to other nodes), lets turns finish for `drainMs` milliseconds,
   * and closes the agent and the store. `Infinity` waits as long as the turns take.
   * @default 30_000
   */
  close(drainMs?: number): Promise<void>;
  /** Reports an error to `onError`. An adapter calls it when it could not write a response. */
  tell(error: unknown): void;
  /** The numbers of open streams and of sessions at work. */
  readonly load: { readonly streams: number; readonly sessions: number };
  /** Returns what is open now, and the counters since the server was created. */
  counts(): Counts;
  /** The routes, as data. */
  readonly routes: readonly Route[];
}

export interface ServerOptions
  extends GuardOptions, AuthOptions, Omit<EngineOptions, 'agent' | 'transcripts' | 'deliver'> {
  /** The agent, or its function. */
  readonly agent: Agent | AgentFunction;
  /**
   * The secrets that sign tickets and links, the newest first. They are the same on all nodes, and have 32
   * characters or more.
   * @default a random secret: its tickets and links are valid in this process only
   */
  readonly secrets?: readonly string[];
  /** Called for each request when it is answered, or when its stream begins. */
  readonly onAnswer?: (record: RequestRecord) => void;
  /**
   * Called with a sentence when a page or a host name is refused. It says why, and which option allows it.
   * Each sentence comes once a minute, with at most ten sentences a minute.
   * @default console.error
   */
  readonly onWarning?: (sentence: string) => void;
  /** Blocks the owners that an admin names. @default an admin can stop owners, but not block them */
  readonly blocks?: Blocks;
  /** Limits for one caller. @default no limits */
  readonly quotas?: QuotaOptions;
  /** The path that the server is mounted under. @default '' */
  readonly basePath?: string;
  /**
   * The dialects of other people's clients, such as `aiSdk()`, `agUi()` and `mcp()` of `heddle/dialects`.
   * Heddle's own, `typed` and `named`, are always there.
   * @default []
   */
  readonly dialects?: readonly Dialect[];
  /**
   * Lets clients of dialects register webhooks. @default they are refused
   */
  readonly webhooks?: WebhookOptions;
  /**
   * The longest body on a route of a dialect, in bytes. Many clients send the whole conversation with each
   * message.
   * @default 8_388_608
   */
  readonly maxDialectBody?: number;
  /** The dialect of one-shot streams that name none. @default 'named' */
  readonly oneShotDialect?: 'typed' | 'named';
  /** Whether the route `GET /stream?prompt=` exists, for a plain EventSource. @default true */
  readonly promptInUrl?: boolean;
  /**
   * Whether any caller may use the routes of `heddle doctor`, `/health/stream` and `/health/left`. They show
   * what the network does to the caller's own requests, and touch no store.
   * @default only admins may; for other callers the routes do not exist
   */
  readonly probe?: boolean;
  /** Answers the paths that are no route: the chat page. */
  readonly page?: (path: string, request: ServerRequest) => Reply | undefined | Promise<Reply | undefined>;
  /**
   * The longest silence of a stream, in milliseconds. With `Infinity` no keepalive is sent, and clients do
   * not notice a dead connection.
   * @default 15_000, and 5_000 on Bun
   */
  readonly keepaliveMs?: number;
  /**
   * The longest life of a stream, in milliseconds ± 20 %. Its client reconnects after that. `Infinity` sets
   * no limit.
   * @default 600_000
   */
  readonly maxAgeMs?: number;
}

/**
 * Creates a server and starts its engine. Throws a TypeError if an option is invalid, or does not fit the
 * others.
 */
export function createServer(given: ServerOptions): Server {
  const checked = checkNumbers(given, {
    keepaliveMs: timerOrNever,
    maxAgeMs: timerOrNever,
    maxDialectBody: { whole: true, least: 1024 },
  });
  const options = { ...checked, ...checkEngineOptions(checked) };
  const { store, page, basePath = '' } = options;
  if (basePath !== '' && (!basePath.startsWith('/') || basePath.endsWith('/'))) {
    throw new TypeError(`basePath: "${basePath}" must begin with "/" and not end with it, like /agent`);
  }
  const dialects = [typed, named, ...(options.dialects ?? [])];
  checkDialects(dialects);
  const guard = createGuard(
    options,
    dialects.flatMap(({ cors = [] }) => cors),
  );
  const { onWarning = (sentence: string) => console.error(`heddle: ${sentence}`) } = options;
  const warn = onceAMinute((sentence) => runHook(() => onWarning(sentence), options.onError));
  const passes = { store, passes: createPasses(options.secrets), guard };
  const entering = { ...withBlocks(options), ...passes };
  const quotas = createQuotas(options.quotas ?? {}, store);
  const budgets = options.quotas?.rates?.length ? { openBudget: createBudgets(quotas.spend) } : undefined;
  const transcripts = createTranscripts({ store, onError: (error) => reportError(options.onError, error) });
  const agent = toAgent(options.agent);
  const { onError } = options;
  const webhooks =
    options.webhooks && createWebhooks(options.webhooks, { store, transcripts, dialects, onError });
  const deliver = webhooks?.deliver;
  const engine = createEngine({ ...options, ...budgets, transcripts, agent, ...(deliver && { deliver }) });
  const { keepaliveMs = Math.min(times.keepaliveMs, longestSilenceMs), maxAgeMs = 600_000 } = options;
  let closing: Promise<void> | undefined;
  let isShut = false;
  const isClosing = new AbortController();

  const readers = createReaders({ log: store.log, state: transcripts.brief, keepaliveMs, maxAgeMs });
  const streams = createStreams(readers, keepaliveMs, () => closing !== undefined);
  const stopLifetimes = watchLifetimes({ ...entering, held: streams.held });
  const { oneShotDialect = 'named', promptInUrl = true, probe = false } = options;
  const services = {
    store,
    engine,
    transcripts,
    streams,
    outboxes: webhooks?.openOutboxes(engine),
    closing: isClosing.signal,
    checkValid: (principal: Principal) => checkValid(entering, principal),
    tell: (error: unknown) => reportError(options.onError, error),
  };
  const routes: readonly Route[] = [
    ...sessionRoutes({ store, engine, transcripts }),
    ...messageRoutes({ engine, transcripts }),
    ...streamRoutes({
      ...services,
      dialects: dialects.filter((dialect) => dialect.routes === undefined),
      oneShotDialect,
      promptInUrl,
    }),
    manySessionsRoute(store, streams),
    ticketRoute(passes),
    linkRoute(passes),
    callerRoute(passes.passes),
    ...adminRoutes(store, engine, options.blocks),
    ...healthRoutes(store, engine),
    ...probeRoutes({
      isFor: async (request) => {
        if (probe) return true;
        // The answer shows whether a token is an admin's. So it counts before auth, as for any other route.
        await quotas.spend('requests', quotas.toAccount(request));
        return isAdmin(entering, request);
      },
      guard,
      quotas,
      closing: isClosing.signal,
      keepaliveMs,
      maxAgeMs,
    }),
    ...dialectRoutes(dialects, { ...services, maxBody: options.maxDialectBody ?? 8 * 1024 * 1024 }),
  ];
  const find = createFinder(routes);
  const findFor = async (request: ServerRequest, path: string | undefined): Promise<RouteMatch> => {
    const match = path === undefined ? {} : find(request.method, path);
    return (await (match.near?.isFor?.(request) ?? true)) ? match : {};
  };

  const answer = async (request: ServerRequest, about: RequestFacts): Promise<Reply> => {
    const below = findBelow(request, basePath);
    const path = below?.path;
    const isOptions = request.method === 'OPTIONS';
    // `OPTIONS *` asks about the whole server, not about a route (RFC 9110, section 9.3.7).
    if (isOptions && request.path === '*') return empty(204);
    const { route, near, params, allow } = await findFor(request, path);
    const isPage = params === undefined && path !== undefined && (isRead(request) || isOptions);
    const shown = isPage ? await page?.(path, request) : undefined;
    if (params === undefined && shown === undefined) {
      const isLost = path === undefined && find(request.method, request.path).params !== undefined;
      return {
        ...toProblem(new RefusalError('not_found', isLost ? tellLost(basePath) : undefined)),
        unrouted: true,
      };
    }
    // Probes use an address, or send no Host. OPTIONS needs no check, because the list of methods is no
    // secret.
    if (!route?.open && !isOptions) guard.checkHost(request);
    if (isOptions) return withAllow(empty(204), shown ? 'GET, HEAD' : allow);
    // The page names its files relative to itself, and they must resolve below the base path.
    if (shown && below?.isBare) return redirect(toSlashed(request));
    if (shown) return shown;
    if (route === undefined) {
      const refusal = new RefusalError('method_not_allowed');
      return withAllow(near?.refuse?.(refusal) ?? toProblem(refusal), allow);
    }
    const refuse = (refusal: RefusalError): never => {
      throw route.refuse ? new WordedRefusal(refusal, route.refuse(refusal)) : refusal;
    };
    if (closing !== undefined && !route.whileClosing) return refuse(new RefusalError('draining'));
    return dispatch({ guard, quotas, entering, about }, request, route, params ?? {}).catch(
      (error: unknown) => {
        // The request began before the store was closed.
        if (isShut && isFault(error)) return refuse(new RefusalError('draining'));
        if (error instanceof RefusalError) return refuse(error);
        throw error;
      },
    );
  };

  const handle = async (request: ServerRequest): Promise<Reply> => {
    const start = performance.now();
    const about: RequestFacts = {};
    const { headers, ...found } = await answer(request, about).catch((thrown: unknown) => {
      const error = thrown instanceof WordedRefusal ? thrown.cause : thrown;
      if (isForbidden(error)) warn(error.message);
      else if (isFault(error)) reportError(options.onError, error);
      return thrown instanceof WordedRefusal ? thrown.reply : toProblem(error);
    });
    const ms = Math.round(performance.now() - start);
    const code = 'code' in found ? found.code : undefined;
    const answered = { method: request.method, status: found.status, ms, ...(code && { code }), ...about };
    runHook(() => options.onAnswer?.(answered), options.onError);
    const cors = guard.corsHeaders(request);
    // A page's file may depend on Accept-Encoding, too.
    const vary = [headers['vary'], cors['vary']].filter(Boolean).join(', ');
    return { ...found, headers: { ...securityHeaders, ...headers, ...cors, ...(vary && { vary }) } };
  };

  const tellError = (error: unknown): void => reportError(options.onError, error);
  const close = async (drainMs: number): Promise<void> => {
    isClosing.abort();
    await Promise.all([engine.close(drainMs), readers.drain({ isAtWork: engine.isAtWork, drainMs })]);
    stopLifetimes();
    try {
      await agent.close?.();
    } catch (error) {
      reportError(options.onError, error);
    }
    isShut = true;
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
    counts: () => toCounts(readers, engine, webhooks?.counts),
    routes,
  };
}

/**
 * Whether a request was refused for its host name or its origin. That is a wrong option, a misconfigured
 * proxy, or an attack.
 */
function isForbidden(error: unknown): error is RefusalError {
  return (
    error instanceof RefusalError && (error.code === 'forbidden_host' || error.code === 'forbidden_origin')
  );
}

/**
 * Whether an error is one of this server's. A refusal with a cause comes from the store, and its cause is for
 * the operator.
 */
function isFault(thrown: unknown): boolean {
  const error = thrown instanceof WordedRefusal ? thrown.cause : thrown;
  return !(error instanceof RefusalError) || error.cause !== undefined;
}

/** Returns the sentence for the path of a route that is not below the base path. */
function tellLost(basePath: string): string {
  return `This server is mounted under ${basePath}, and the request came without that path. If a proxy removes it, leave --base-path or basePath out.`;
}

function isRead({ method }: ServerRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function withAllow(reply: WholeReply, allow = ''): WholeReply {
  return { ...reply, headers: { ...reply.headers, allow } };
}
