import { RefusalError, times, toAgent } from '../protocol/index.ts';
import type { Agent, AgentFunction, SessionState } from '../protocol/index.ts';
import type { EngineOptions } from '../turns/index.ts';
import { createEngine, readTranscript, tell } from '../turns/index.ts';
import { adminRoutes } from './admin.ts';
import { allEnded } from './all-ended.ts';
import { empty, redirect, securityHeaders } from './answer.ts';
import type { Answer, Whole } from './answer.ts';
import type { About, Answered } from './answered.ts';
import type { Ask } from './ask.ts';
import { createBudgets } from './budget.ts';
import { withBlocks } from './blocks.ts';
import type { Blocks } from './blocks.ts';
import { callerRoute } from './callers.ts';
import { createChannels } from './channels.ts';
import { toCounts } from './counts.ts';
import type { Counts } from './counts.ts';
import { dispatch } from './dispatch.ts';
import { drainStreams } from './drain-streams.ts';
import { checkValid } from './enter.ts';
import type { EnterOptions } from './enter.ts';
import { toFetch } from './fetch.ts';
import { createFinder } from './find-route.ts';
import { createGuard } from './guard.ts';
import type { GuardOptions } from './guard.ts';
import { healthRoutes } from './health.ts';
import { createKeepalive } from './keepalive.ts';
import { watchLifetimes } from './lifetimes.ts';
import { linkRoute } from './links.ts';
import { manySessionsRoute } from './many-sessions.ts';
import { messageRoutes } from './messages.ts';
import { createPasses } from './passes.ts';
import { toProblem } from './problem.ts';
import type { QuotaOptions } from './quotas.ts';
import { createQuotas } from './quotas.ts';
import type { Route } from './routes.ts';
import { sessionRoutes } from './sessions.ts';
import type { OpenStream } from './stream.ts';
import { streamRoutes } from './streams.ts';
import { ticketRoute } from './tickets.ts';

/** The whole of Heddle's HTTP side: a function from a request to an answer. */
export interface Server {
  /** Answers a request; never rejects. */
  handle(ask: Ask): Promise<Answer>;
  /** The same for runtimes that speak Request and Response. */
  fetch(request: Request): Promise<Response>;
  /** Ends all streams (they come back elsewhere), lets turns finish for `drainMs`, and closes the store. @default 30_000 */
  close(drainMs?: number): Promise<void>;
  /** How many streams are open and sessions at work. */
  readonly load: { readonly streams: number; readonly sessions: number };
  /** What is open, and what was counted until now. */
  counts(): Counts;
  /** The routes, as data. */
  readonly routes: readonly Route[];
}

export interface ServerOptions extends GuardOptions, EnterOptions, Omit<EngineOptions, 'agent'> {
  /** What answers: an agent, or the function of one. */
  readonly agent: Agent | AgentFunction;
  /**
   * What tickets and links are signed with, the newest first; the same on all nodes, each of 32 characters or more.
   * @default a random one: what it signs is good for this process only
   */
  readonly secrets?: readonly string[];
  /** Told of each request when it is answered, or its stream begins. */
  readonly onAnswer?: (answered: Answered) => void;
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
  readonly page?: (path: string) => Answer | undefined;
  /** The longest silence of a stream, in milliseconds. @default 15_000 */
  readonly keepaliveMs?: number;
  /** How long a stream may live, in milliseconds ± 20 %; its client comes back. @default 600_000 */
  readonly maxAgeMs?: number;
}

/** Creates a server and starts its engine. Throws a TypeError where options do not fit together. */
export function createServer(options: ServerOptions): Server {
  const { store, page, basePath = '' } = options;
  if (basePath !== '' && (!basePath.startsWith('/') || basePath.endsWith('/'))) {
    throw new TypeError(`basePath: "${basePath}" must begin with "/" and not end with it, like /agent`);
  }
  const guard = createGuard(options);
  const passes = { store, passes: createPasses(options.secrets), basePath };
  const entering = { ...withBlocks(options), ...passes };
  const quotas = createQuotas(options.quotas ?? {}, store);
  const budgets = options.quotas?.rates?.length ? { openBudget: createBudgets(quotas.spend) } : undefined;
  const engine = createEngine({ ...options, ...budgets, agent: toAgent(options.agent) });
  const { keepaliveMs = times.keepaliveMs, maxAgeMs = 600_000 } = options;
  const keepalive = createKeepalive(keepaliveMs, maxAgeMs);
  const open = new Set<OpenStream>();
  const stopLifetimes = watchLifetimes({ ...entering, open });
  let closing: Promise<void> | undefined;

  const state = async (session: string): Promise<SessionState | undefined> =>
    (await readTranscript(store.log, session))?.state;
  const context = {
    log: store.log,
    channels: createChannels(store.log),
    tally: { keepalives: 0, slowReaders: 0 },
    keepalive,
    open,
    state,
    isClosing: () => closing !== undefined,
    maxAgeMs,
  };
  const { oneShotDialect = 'named', promptInUrl = true } = options;
  const routes: readonly Route[] = [
    ...sessionRoutes({ store, engine, state }),
    ...messageRoutes({ engine, state }),
    ...streamRoutes({
      store,
      engine,
      context,
      oneShotDialect,
      promptInUrl,
      checkValid: (principal) => checkValid(entering, principal),
    }),
    manySessionsRoute(store, context),
    ticketRoute(passes),
    linkRoute(passes),
    callerRoute(passes.passes),
    ...adminRoutes(store, engine, options.blocks),
    ...healthRoutes(store, () => closing !== undefined),
  ];
  const find = createFinder(routes);

  const answer = async (ask: Ask, about: About): Promise<Answer> => {
    const path =
      ask.path === basePath
        ? '/'
        : ask.path.startsWith(`${basePath}/`)
          ? ask.path.slice(basePath.length)
          : undefined;
    const { route, session, allow } = path === undefined ? {} : find(ask.method, path);
    const shown = session === undefined && path !== undefined && isRead(ask) ? page?.(path) : undefined;
    if (session === undefined && shown === undefined) {
      return { ...toProblem(new RefusalError('not_found')), unrouted: true };
    }
    guard.checkHost(ask);
    // What the page names relative to itself must lie below the base path.
    if (shown && ask.path === basePath) return redirect(`${basePath}/`);
    if (shown) return shown;
    if (ask.method === 'OPTIONS') return empty(204);
    if (route === undefined) return withAllow(toProblem(new RefusalError('method_not_allowed')), allow);
    return dispatch({ guard, quotas, entering, about }, ask, route, session ?? '');
  };

  const handle = async (ask: Ask): Promise<Answer> => {
    const start = performance.now();
    const about: About = {};
    const { headers, ...found } = await answer(ask, about).catch((error: unknown) => {
      // A refusal with a cause is the store's: its words are for whoever runs this.
      if (!(error instanceof RefusalError) || error.cause !== undefined) tell(options.onError, error);
      return toProblem(error);
    });
    const ms = Math.round(performance.now() - start);
    try {
      options.onAnswer?.({
        method: ask.method,
        status: found.status,
        ms,
        ...('code' in found && { code: found.code }),
        ...about,
      });
    } catch (error) {
      tell(options.onError, error);
    }
    return { ...found, headers: { ...securityHeaders, ...headers, ...guard.corsHeaders(ask) } };
  };

  return {
    handle,
    fetch: toFetch(handle),
    close: (drainMs = 30_000) =>
      (closing ??= (async () => {
        await Promise.all([
          engine.close(drainMs),
          drainStreams(open, { isAtWork: engine.isAtWork, drainMs }),
        ]);
        await allEnded(open);
        keepalive.close();
        stopLifetimes();
        await store.close();
      })()),
    get load() {
      return { streams: open.size, sessions: engine.running };
    },
    counts: () => toCounts(context, engine),
    routes,
  };
}

function isRead({ method }: Ask): boolean {
  return method === 'GET' || method === 'HEAD';
}

function withAllow(answer: Whole, allow = ''): Whole {
  return { ...answer, headers: { ...answer.headers, allow } };
}
