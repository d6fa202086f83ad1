import * as nodeModule from 'node:module';
import { isIPv4, isIPv6 } from 'node:net';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Principal, Server, ServerOptions } from 'heddle/server';
import type { Agent } from 'heddle';
import { tellExit } from '../tell-exit.ts';
import { toVisible } from '../to-visible.ts';
import { openAgent, toAgentSource } from './agent/open-agent.ts';
import type { AgentSource } from './agent/open-agent.ts';
import type { RemoteFlags } from './agent/open-remote.ts';
import { chooseDialects } from './choose-dialects.ts';
import { closeOnSignals } from './close-on-signals.ts';
import { ExitError } from './exit-error.ts';
import { forwardedAddress } from './forwarded-address.ts';
import { loadAuthenticate } from './load-authenticate.ts';
import type { AuthenticateOptions } from './load-authenticate.ts';
import { createTextLog } from './log/create-text-log.ts';
import type { Log } from './log/log.ts';
import { mindFloating } from './mind-floating.ts';
import type { Address, MetricsListener } from './metrics/listen.ts';
import { openBlocks } from './open-blocks.ts';
import { openLimiters } from './open-limiters.ts';
import { openStore } from './open-store.ts';
import type { StorePlace } from './open-store.ts';
import { readLimits } from './read-limits.ts';
import { readPage } from './read-page.ts';
import type { PageFlags } from './read-page.ts';
import { readWebhooks } from './read-webhooks.ts';
import type { WebhookFlags } from './read-webhooks.ts';
import { startAgent } from './start-agent.ts';
import type { TlsFlags } from './tls-files.ts';
import { toUnused } from './to-unused.ts';
import { connectWatcher } from './watch/connect-watcher.ts';
import type { Watcher } from './watch/connect-watcher.ts';

/** The options of `heddle serve`. */
export interface ServeOptions
  extends AuthenticateOptions, PageFlags, StorePlace, RemoteFlags, TlsFlags, WebhookFlags {
  readonly port: number;
  readonly host: string;
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
  readonly basePath: string;
  readonly dialect: 'named' | 'typed';
  readonly dialects: readonly string[];
  readonly promptInUrl: boolean;
  readonly probe?: boolean;
  readonly insecure?: boolean;
  readonly limit: readonly string[];
  readonly trustProxy: number;
  readonly log: 'text' | 'json';
  readonly metrics?: Address;
  /** Whether the user gave `data`, or it is only the default. */
  readonly isDataGiven: boolean;
  /** Restarts when the agent changes. */
  readonly watch?: boolean;
  /** Set when a watching process started this one. */
  readonly watched?: boolean;
  /** The command of the agent: the words after `--`. */
  readonly command?: readonly string[];
  /** Whether the command speaks the Agent Client Protocol. */
  readonly acp?: boolean;
  /** How many processes of the command run. */
  readonly workers?: number;
}

/** Serves until a signal ends it. Prints an error in one sentence and sets exit code 1. */
export async function serve(argument: string | undefined, options: ServeOptions): Promise<void> {
  await tellExit(async () => {
    const source = toAgentSource(argument, options.command, options.acp);
    const log =
      options.log === 'json' ? (await import('./log/create-json-log.ts')).createJsonLog() : createTextLog();
    if (options.watch) {
      process.exitCode = await watch(source, log);
      return;
    }
    const watcher = options.watched ? connectWatcher() : undefined;
    for (const sentence of toUnused(source, options, process.env)) log.warn(sentence);
    const { server, listening, metrics } = await start(source, options, log, watcher);
    // A watched process ends at once: the next one takes its turns over.
    const stopping = watcher && { stop: watcher.signal, drainMs: 0 };
    // Before the log says that it serves: a signal may follow immediately.
    const closed = closeOnSignals(server, listening, { warn: log.warn, ...stopping });
    watcher?.tellPort(Number(new URL(listening.url).port));
    log.say(`heddle serves ${source.name} on ${listening.url}${options.basePath}`);
    if (options.apiKeys !== undefined || options.jwtIssuer !== undefined)
      log.say('the page asks for a key or a token');
    log.say(`conversations are kept ${tellPlace(options)}`);
    if (metrics) log.say(`metrics are on ${metrics.url}`);
    await closed;
    metrics?.close();
    // A reader that does not read must not keep the process alive.
    if (!(await log.end())) process.exit();
  });
}

async function watch(source: AgentSource, { warn }: Log): Promise<number> {
  if (source.type !== 'file')
    throw new ExitError('--watch starts again when the file of an agent changes; name the file.');
  if (!('registerHooks' in nodeModule))
    throw new ExitError(`--watch needs Node 22.15 or later, and this is ${process.version}.`);
  const { watchAgent } = await import('./watch/watch-agent.ts');
  const args = process.argv.slice(2).map((arg) => (arg === '--watch' ? '--watched' : arg));
  return watchAgent({ agentFile: source.name, args, warn });
}

interface RunningServer {
  readonly server: Server;
  readonly listening: Listening;
  readonly metrics: MetricsListener | undefined;
}

async function start(
  source: AgentSource,
  options: ServeOptions,
  log: Log,
  watcher: Watcher | undefined,
): Promise<RunningServer> {
  const { host, port, insecure } = options;
  if (source.type === 'acp' && insecure)
    throw new ExitError(
      '--acp gives every caller a shell on this machine, so it needs auth. Leave --insecure out.',
    );
  const authenticate = (await loadAuthenticate(options)) ?? (isLoopback(host) ? everybodyHere : undefined);
  if (!insecure && authenticate === undefined) {
    throw new ExitError(
      `Without auth this server listens on this machine only. Set --api-keys or --jwt-issuer, or let every caller in with --insecure on ${host}.`,
    );
  }
  const dialects = chooseDialects(options.dialects, authenticate !== undefined);
  const tls =
    options.tlsCert === undefined && options.tlsKey === undefined
      ? undefined
      : (await import('./tls-files.ts')).openTlsFiles(options);
  const { rates, ...bounds } = readLimits(options.limit);
  const page = await readPage(options, source);
  const webhooks = readWebhooks(options, process.env['HEDDLE_WEBHOOK_SECRET']);
  const agent = mindFloating(
    await openAgent(source, {
      flags: options,
      env: process.env,
      say: log.say,
      warn: log.warn,
      onFile: watcher?.tellFile,
      workers: options.workers,
      log: (line) => log.warn(`agent: ${toVisible(line)}`),
    }),
    log,
  );
  const metrics =
    options.metrics && (await import('./metrics/create-metrics.ts')).createMetrics(options.metrics);
  const opened = await openStore(options, log.warn);
  const store = metrics?.observe(opened) ?? opened;
  const orClose = async (error: unknown): Promise<never> => {
    await store.close();
    throw new ExitError(error instanceof Error ? error.message : String(error));
  };
  const blocks = await openBlocks(options.redis).catch(orClose);
  const limiters = await openLimiters(rates, options.redis).catch((error: unknown) => {
    blocks.close();
    return orClose(error);
  });
  const close = async (): Promise<void> => {
    limiters.close();
    blocks.close();
    await store.close();
  };
  // Before the server: a server takes up the turns that an earlier one left.
  await startAgent(agent).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const server = await create({
    agent,
    store: { ...store, close },
    hosts: [isIPv6(host) ? `[${host}]` : host, ...options.allowHost],
    origins: options.allowOrigin,
    basePath: options.basePath,
    dialects,
    oneShotDialect: options.dialect,
    promptInUrl: options.promptInUrl,
    probe: options.probe ?? false,
    ...(authenticate && { authenticate }),
    ...log.hooks,
    onAnswer: (record) => {
      log.hooks.onAnswer?.(record);
      metrics?.hooks.onAnswer(record);
    },
    blocks,
    quotas: {
      ...bounds,
      ...forwardedAddress(options.trustProxy),
      rates: limiters.rates,
    },
    ...webhooks,
    ...readSecrets(process.env['HEDDLE_SECRET']),
    ...page,
  });
  const listening = await listen(server, { host, port, ...(tls && { tls: tls.certificate }) }).catch(
    async (error: unknown) => {
      await server.close(0);
      throw new ExitError(toSentence(error, { host, port }, '--port'));
    },
  );
  tls?.follow(listening, log);
  try {
    return { server, listening, metrics: await metrics?.listen(server, listening.http) };
  } catch (error) {
    await listening.close(0);
    throw new ExitError(toSentence(error, options.metrics ?? { host, port }, '--metrics'));
  }
}

/** The principal of a server that listens on this machine only: one person, who also operates it. */
function everybodyHere(): Principal {
  return { owner: 'anonymous', admin: true };
}

async function create(options: ServerOptions & { readonly agent: Agent }): Promise<Server> {
  try {
    return createServer(options);
  } catch (error) {
    // The store's thread, or what the agent started, would keep the process alive.
    await Promise.allSettled([options.agent.close?.(), options.store.close()]);
    throw error instanceof TypeError ? new ExitError(error.message) : error;
  }
}

function tellPlace({ redis, memory, data }: ServeOptions): string {
  if (memory) return 'in memory only';
  // Only the host: a URL may have a user and a password.
  return redis === undefined ? `in ${data}` : `in Redis at ${new URL(redis).host}`;
}

/** Reads secrets from the environment only: other users of the machine can read a command line. */
function readSecrets(text: string | undefined): Pick<ServerOptions, 'secrets'> {
  return text === undefined ? {} : { secrets: text.split(',') };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function toSentence(error: unknown, { host, port }: Address, option: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof Error && String(code).startsWith('ERR_OSSL'))
    return `The certificate cannot be used: ${error.message}`;
  if (code === 'EADDRINUSE') return `Port ${port} is in use on ${host}; choose another with ${option}.`;
  if (code === 'EACCES')
    return `Port ${port} needs rights this user does not have; choose another with ${option}.`;
  return `Cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
}
