import type { Agent } from 'heddle';
import { packageRoot } from '../../package-root.ts';
import { ExitError } from '../exit-error.ts';
import { readDocs } from '../read-docs.ts';

/** What the command line names as the agent. `name` is for sentences and the log. */
export type AgentSource =
  | { readonly type: 'guide'; readonly name: string }
  /** The path of a module. */
  | { readonly type: 'file'; readonly name: string };

/** Decides what the positional argument of `heddle serve` means. */
export function toAgentSource(argument: string | undefined): AgentSource {
  return argument === undefined ? { type: 'guide', name: 'the guide' } : { type: 'file', name: argument };
}

/**
 * Opens an agent. `onFile` is called with each file of a module that is loaded. Throws an ExitError that names
 * the problem. Adapters are imported only when they are used.
 */
export async function openAgent(source: AgentSource, onFile?: (file: string) => void): Promise<Agent> {
  switch (source.type) {
    case 'guide':
      return openGuide();
    case 'file': {
      const { loadAgent } = await import('./load-agent.ts');
      return loadAgent(source.name, onFile);
    }
  }
}

async function openGuide(): Promise<Agent> {
  const { createGuide } = await import('../../../guide/index.ts');
  try {
    return await createGuide({ docs: () => readDocs(packageRoot), env: process.env });
  } catch (error) {
    throw new ExitError(error instanceof Error ? error.message : String(error));
  }
}
