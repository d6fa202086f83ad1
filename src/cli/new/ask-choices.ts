import { createInterface } from 'node:readline/promises';
import { ExitError } from '../serve/exit-error.ts';
import { agentKinds, isAgentKind } from './agent-kinds.ts';
import type { AgentKind } from './agent-kinds.ts';

export interface ChoiceOptions {
  /** The folder, if it is known. */
  readonly folder: string | undefined;
  /** The folder for an empty answer. */
  readonly standardFolder: string;
  /** Throws an error if the project cannot be made in the folder. */
  readonly checkFolder: (folder: string) => void;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks for the folder, if it is not known, and for the kind of agent. Throws an ExitError if the input ends.
 */
export async function askChoices({
  folder,
  standardFolder,
  checkFolder,
  input,
  output,
}: ChoiceOptions): Promise<{ folder: string; kind: AgentKind }> {
  const lines = createInterface({ input, output });
  const end = new AbortController();
  lines.once('close', () => end.abort());
  const ask = async (question: string, standard: string): Promise<string> =>
    (await lines.question(`${question} [${standard}] `, { signal: end.signal })).trim() || standard;
  try {
    const place = folder ?? (await ask('Folder?', standardFolder));
    checkFolder(place);
    const kinds = Object.keys(agentKinds).filter(isAgentKind);
    const width = Math.max(...kinds.map(({ length }) => length));
    const rows = kinds.map((kind, index) => `  ${index + 1}  ${kind.padEnd(width)}  ${agentKinds[kind]}`);
    output.write(`Which agent?\n${rows.join('\n')}\n`);
    for (;;) {
      const answer = (await ask('Its number or name?', '1')).toLowerCase();
      const kind = kinds[Number(answer) - 1] ?? answer;
      if (isAgentKind(kind)) return { folder: place, kind };
      output.write(`${answer} is none of them.\n`);
    }
  } catch (error) {
    if (end.signal.aborted) throw new ExitError('Nothing is made.');
    throw error;
  } finally {
    lines.close();
  }
}
