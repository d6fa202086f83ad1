import { existsSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import type { LoadHookSync, ResolveHookSync } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';

// Module hooks that Node calls while it loads an agent. On Node 22.13 and 22.14 they run in their own thread,
// where the rest of the chain is asynchronous. Otherwise they run in the main thread. Both hooks return what
// the next one returns.

/** The agent's files that were loaded so far, oldest first. Files of packages are not among them. */
export const files: Set<string> = new Set();

let onFile = (_file: string): void => {};

/** Sets the function that is called with each file just before it is loaded. */
export function tellFiles(tell: (file: string) => void): void {
  onFile = tell;
}

/**
 * The packages of libraries of agents, and the URLs that they had when the agent first loaded them. An
 * adapter may need a class of one. The map stays empty on Node 22.13 and 22.14.
 */
export const packages: Map<string, string | undefined> = new Map([
  ['ai', undefined],
  ['@openai/agents', undefined],
  ['@langchain/langgraph', undefined],
  ['@strands-agents/sdk', undefined],
]);

/** The scheme of an import in the agent's stead: `heddle-agent:<package>?<URL of the agent's file>`. */
export const inAgentsStead = 'heddle-agent:';

/**
 * Resolves `heddle` to the Heddle that runs the agent, when the agent has no copy of its own, and the imports
 * in the agent's stead.
 */
export const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  if (specifier.startsWith(inAgentsStead)) {
    const [name = '', parentURL] = specifier.slice(inAgentsStead.length).split('?');
    return nextResolve(name, { ...context, parentURL });
  }
  if (packages.has(specifier)) {
    const resolved = nextResolve(specifier, context);
    // On the versions of Node with a thread for hooks this is a promise, and the map is another one.
    packages.set(specifier, packages.get(specifier) ?? resolved.url);
    return resolved;
  }
  const parent = /^heddle(?:\/|$)/.test(specifier) ? toFile(context.parentURL) : undefined;
  if (parent === undefined || hasHeddle(dirname(parent))) return nextResolve(specifier, context);
  return nextResolve(specifier, { ...context, parentURL: import.meta.url });
};

/**
 * Loads a file by its syntax. A file that is not valid CommonJS is a module, even when its package.json says
 * CommonJS, as `npm init` writes. Node before 22.18 does not strip types, so this does.
 */
export const load: LoadHookSync = (url, context, nextLoad) => {
  const file = toFile(url);
  if (file === undefined) return nextLoad(url, context);
  files.add(file);
  onFile(file);
  const [, kind = '', language = ''] = /\.([cm]?)([jt]s)$/.exec(file) ?? [];
  const isStripped = language === 'ts' && !process.features.typescript;
  const isToldByName = kind !== '' || context.format?.startsWith('module');
  if (language === '' || (isToldByName && !isStripped)) return nextLoad(url, context);

  const text = readFileSync(file, 'utf8');
  const isModule = kind === 'm' || (kind === '' && !isCommonJs(text, language));
  if (isStripped)
    return { format: isModule ? 'module' : 'commonjs', source: stripTypes(text), shortCircuit: true };
  const format = language === 'ts' ? 'module-typescript' : 'module';
  return nextLoad(url, isModule ? { ...context, format } : context);
};

function toFile(url: string | undefined): string | undefined {
  if (!url?.startsWith('file:')) return undefined;
  const file = fileURLToPath(url);
  return file.includes(`${sep}node_modules${sep}`) ? undefined : file;
}

function hasHeddle(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'heddle'))) return true;
  const parent = dirname(folder);
  return parent !== folder && hasHeddle(parent);
}

/**
 * Returns whether a text is CommonJS. Broken code counts as a module: Node then reports where it is broken.
 */
function isCommonJs(text: string, language: string): boolean {
  try {
    const source = language === 'ts' ? stripTypes(text) : text;
    compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname']);
    return true;
  } catch {
    return false;
  }
}

/**
 * Strips types with Node's own function. It suppresses the warning that the function is new, because the user
 * can do nothing about it.
 */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return nodeModule.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
