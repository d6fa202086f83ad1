import type { Agent } from 'heddle';
import { packageRoot } from '../../package-root.ts';
import { redact } from '../../redact.ts';
import { ExitError } from '../exit-error.ts';
import { readDocs } from '../read-docs.ts';
import type { RemoteFlags } from './open-remote.ts';

/** The agent that the command line names. `name` is for sentences and the log, and has no secrets. */
export type AgentSource =
  | { readonly type: 'guide'; readonly name: string }
  /** The path of a module. */
  | { readonly type: 'file'; readonly name: string }
  | { readonly type: 'url'; readonly name: string; readonly url: string }
  /** A command that speaks lines, or the Agent Client Protocol. */
  | {
      readonly type: 'command' | 'acp';
      readonly name: string;
      readonly command: string;
      readonly args: readonly string[];
    };

/** The options that the kinds of agents need beside their source. */
export interface OpenAgentOptions {
  /** The flags of an agent behind a URL. */
  readonly flags: RemoteFlags;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Called with each file of a module that is loaded. */
  readonly onFile?: ((file: string) => void) | undefined;
  /** The number of processes of a command. */
  readonly workers?: number | undefined;
  /** Takes each line that a command prints beside the protocol. */
  readonly log?: (line: string) => void;
}

/**
 * Decides what `heddle serve` serves, from its positional argument (nothing, a URL, or else a file) and the
 * words after `--`. Throws an ExitError if it is given both, or `--acp` without a command.
 */
export function toAgentSource(
  argument: string | undefined,
  words?: readonly string[],
  isAcp = false,
): AgentSource {
  if (words !== undefined) return toCommand(argument, words, isAcp);
  if (isAcp)
    throw new ExitError('--acp is for a command after --, such as: heddle serve --acp -- gemini --acp');
  if (argument === undefined) return { type: 'guide', name: 'the guide' };
  // A path of Windows begins with a letter and a colon, too.
  if (!/^([a-z][a-z\d+.-]*:\/\/|unix:)/i.test(argument)) return { type: 'file', name: argument };
  // A query may have a key.
  const [name = ''] = redact(argument).split('?', 1);
  return { type: 'url', name, url: argument };
}

function toCommand(argument: string | undefined, words: readonly string[], isAcp: boolean): AgentSource {
  const [command, ...args] = words;
  if (command === undefined) throw new ExitError('The command is missing after --.');
  if (argument !== undefined)
    throw new ExitError(`There are two agents: ${argument}, and the command after --. Name one.`);
  return { type: isAcp ? 'acp' : 'command', name: words.join(' '), command, args };
}

/**
 * Opens an agent. Throws an ExitError that names the problem. Adapters are imported only when they are used.
 */
export async function openAgent(source: AgentSource, options: OpenAgentOptions): Promise<Agent> {
  switch (source.type) {
    case 'guide':
      return openGuide(options.env);
    case 'file': {
      const { loadAgent } = await import('./load-agent.ts');
      return loadAgent(source.name, options);
    }
    case 'url': {
      const { openRemote } = await import('./open-remote.ts');
      return openRemote(source, options.flags, options);
    }
    case 'command':
      return openCommand(source, options);
    case 'acp':
      return openAcp(source, options);
  }
}

type CommandSource = Extract<AgentSource, { readonly command: string }>;

async function openAcp({ command, args }: CommandSource, { log }: OpenAgentOptions): Promise<Agent> {
  const { acp } = await import('heddle/agents/acp');
  return acp({ command, args, cwd: process.cwd(), ...(log && { log }) });
}

async function openCommand(
  { command, args }: CommandSource,
  { workers = 1, log }: OpenAgentOptions,
): Promise<Agent> {
  const { subprocess } = await import('heddle/agents/subprocess');
  try {
    return subprocess({ command, args, workers, ...(log && { log }) });
  } catch (error) {
    throw new ExitError(`--${error instanceof Error ? error.message : String(error)}`);
  }
}

async function openGuide(env: NodeJS.ProcessEnv): Promise<Agent> {
  const { createGuide } = await import('../../../guide/index.ts');
  try {
    return await createGuide({ docs: () => readDocs(packageRoot), env });
  } catch (error) {
    throw new ExitError(error instanceof Error ? error.message : String(error));
  }
}
