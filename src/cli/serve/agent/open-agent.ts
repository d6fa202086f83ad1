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
  | { readonly type: 'url'; readonly name: string; readonly url: string };

/** Decides what the positional argument of `heddle serve` means: nothing, a URL, or else a file. */
export function toAgentSource(argument: string | undefined): AgentSource {
  if (argument === undefined) return { type: 'guide', name: 'the guide' };
  // A path of Windows begins with a letter and a colon, too.
  if (!/^([a-z][a-z\d+.-]*:\/\/|unix:)/i.test(argument)) return { type: 'file', name: argument };
  // A query may have a key.
  const [name = ''] = redact(argument).split('?', 1);
  return { type: 'url', name, url: argument };
}

export interface OpenAgentOptions {
  readonly flags: RemoteFlags;
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
  /** Called with each file of a module that is loaded. */
  readonly onFile?: ((file: string) => void) | undefined;
}

/** Opens an agent. Throws an ExitError that names the problem. Adapters are imported only when they are used. */
export async function openAgent(
  source: AgentSource,
  { flags, env, warn, onFile }: OpenAgentOptions,
): Promise<Agent> {
  switch (source.type) {
    case 'guide':
      return openGuide(env);
    case 'file': {
      const { loadAgent } = await import('./load-agent.ts');
      return loadAgent(source.name, onFile);
    }
    case 'url': {
      const { openRemote } = await import('./open-remote.ts');
      return openRemote(source, flags, { env, warn });
    }
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
