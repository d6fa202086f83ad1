import { setTimeout as delay } from 'node:timers/promises';
import { createServer } from 'heddle/server';
import { mcp } from '../../dialects/index.ts';
import { openAgent, toAgentSource } from '../serve/agent/open-agent.ts';
import type { RemoteFlags } from '../serve/agent/open-remote.ts';
import { ExitError } from '../serve/exit-error.ts';
import { createTextLog } from '../serve/log/create-text-log.ts';
import { mindFloating } from '../serve/mind-floating.ts';
import { openStore } from '../serve/open-store.ts';
import { startAgent } from '../serve/start-agent.ts';
import { toServer } from '../to-server.ts';
import { toVisible } from '../to-visible.ts';
import { createHostBridge } from './bridge.ts';
import type { BridgeOptions } from './bridge.ts';
import { readHostLines } from './host-lines.ts';

/** How long answers may take after the end of the input, in milliseconds. */
const graceMs = 500;

/** The options of `heddle mcp`. */
export interface HostOptions extends RemoteFlags {
  /** The URL of a running server, in place of an agent. */
  readonly server?: string;
  readonly data?: string;
  readonly acp?: boolean;
  readonly workers?: number;
  /** The command of the agent: the words after `--`. */
  readonly command?: readonly string[];
  readonly version: string;
}

/** The server behind the standard input and output. */
interface HostServer extends Pick<BridgeOptions, 'url' | 'fetch' | 'headers'> {
  /** The name of the agent or server, for sentences. */
  readonly name: string;
  close(): Promise<void>;
}

/**
 * Speaks the Model Context Protocol over the standard input and output, for hosts that start a process.
 * Resolves when the input ends or a signal comes. The standard output has nothing but messages: all else goes
 * to the standard error.
 */
export async function serveHost(argument: string | undefined, options: HostOptions): Promise<void> {
  const { stdout, stderr, stdin } = process;
  const print = stdout.write.bind(stdout);
  // An agent may print, and a host takes each line for a message.
  stdout.write = stderr.write.bind(stderr);
  const warn = (sentence: string): void => void stderr.write(`heddle: ${sentence}\n`);
  // A second signal ends the process.
  const onSignal = (): void => void stdin.destroy();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const server =
    options.server === undefined
      ? await openHere(argument, options)
      : toRemote(options.server, argument ?? options.command?.[0]);
  const write: BridgeOptions['write'] = (message) => void print(`${JSON.stringify(message)}\n`);
  const bridge = createHostBridge({ ...server, write, warn });
  warn(`answers for ${server.name}`);
  try {
    for await (const line of readHostLines(stdin, () => warn('A line is too long, and was left out.')))
      bridge.receive(line);
  } catch {
    // A signal has closed the input.
  }
  // A host that has left waits for nothing, and a line of a shell for what takes a moment.
  await Promise.race([bridge.settled(), delay(graceMs, undefined, { ref: false })]);
  bridge.close();
  await bridge.settled();
  await server.close();
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
}

function toRemote(url: string, agent: string | undefined): HostServer {
  if (agent !== undefined)
    throw new ExitError(`There are two: the agent ${agent}, and the server ${url}. Name one.`);
  const token = process.env['HEDDLE_TOKEN'];
  const base = toServer(url);
  return {
    name: base,
    url: `${base}/mcp`,
    fetch: (request) => fetch(request),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    close: async () => {},
  };
}

async function openHere(argument: string | undefined, options: HostOptions): Promise<HostServer> {
  const { data, acp, workers, command, version } = options;
  const log = createTextLog();
  const source = toAgentSource(argument, command, acp);
  const opened = await openAgent(source, {
    flags: options,
    env: process.env,
    // The standard output has the lines of the protocol only.
    say: log.warn,
    warn: log.warn,
    workers,
    log: (line) => log.warn(`agent: ${toVisible(line)}`),
  });
  const agent = mindFloating(opened, log);
  const store = await openStore(data === undefined ? { data: '', memory: true } : { data }, log.warn);
  await startAgent(agent).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const server = createServer({
    agent,
    store,
    dialects: [mcp({ version })],
    // The host's user is the only caller.
    authenticate: () => 'anonymous',
    ...log.hooks,
  });
  return {
    name: source.name,
    url: 'http://localhost/mcp',
    fetch: (request) => server.fetch(request),
    // Turns that run are taken up with the next start, if conversations are kept.
    close: () => server.close(0),
  };
}
