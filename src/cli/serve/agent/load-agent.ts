import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../../../protocol/internal.ts';
import type { Agent } from 'heddle';
import { ExitError } from '../exit-error.ts';
import { files } from './hooks.ts';
import { installHooks } from './install-hooks.ts';
import { recogniseAgent } from './recognise-agent.ts';
import { toSentence } from './to-sentence.ts';

interface LoadAgentOptions {
  /** Called with each file of the agent that is loaded, now and later. */
  readonly onFile?: ((file: string) => void) | undefined;
  readonly say: (sentence: string) => void;
  readonly warn: (sentence: string) => void;
}

/**
 * Loads a user's module and makes an agent of its default export, which is an agent or a function that makes
 * one or answers a turn. `say` gets the sentence about the adapter that is taken. Throws an ExitError that
 * names the problem and its place.
 */
export async function loadAgent(
  path: string,
  { onFile = () => {}, ...told }: LoadAgentOptions,
): Promise<Agent> {
  const file = resolve(path);
  checkFile(path, file);
  installHooks(onFile);
  const exported = toDefault(await importFile(path, file), path);
  const loadVendors = async () => (await import('./load-vendors.ts')).loadVendors(file);
  try {
    return await recogniseAgent(exported, { path, loadVendors, ...told });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ExitError(`The default export of ${path} is no agent. ${error.message}`);
  }
}

function checkFile(path: string, file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new ExitError(`There is no agent file ${path}.`);
  if (found.isDirectory()) throw new ExitError(`${path} is a folder; name the file of the agent.`);
  if (!/^\.[cm]?[jt]s$/.test(extname(file)))
    throw new ExitError(`${path} cannot be run by Node; an agent file is named .ts, .mts, .js or .mjs.`);
}

async function importFile(path: string, file: string): Promise<unknown> {
  // Node exits when an await never settles and nothing else is pending.
  const tell = (): void => {
    process.stderr.write(`heddle: The agent file ${path} does not load: it awaits what never comes.\n`);
    process.exitCode = 1;
  };
  process.once('beforeExit', tell);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const loaded = files.size > 0 ? [...files] : [file];
    throw new ExitError(`The agent file ${path} does not load: ${toSentence(error, loaded)}`);
  } finally {
    process.off('beforeExit', tell);
  }
}

function toDefault(module: unknown, path: string): unknown {
  const exports = Object(module);
  if (!('default' in exports)) {
    const names = Object.keys(exports);
    const others = names.length === 0 ? 'It exports nothing' : `It exports ${names.join(', ').slice(0, 200)}`;
    throw new ExitError(`The agent file ${path} has no default export. ${others}; write: export default …`);
  }
  const exported: unknown = Reflect.get(exports, 'default');
  // The default export of a module that was compiled to CommonJS.
  return isRecord(exported) && exported['__esModule'] === true ? exported['default'] : exported;
}
