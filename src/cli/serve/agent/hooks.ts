import { existsSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import type { LoadHookSync, ResolveHookSync } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';

// What Node asks here while it loads an agent: in the same thread, or, on Node 22.13 and 22.14, in a thread of its own, where the rest of the
// chain is asynchronous. Both pass on what the next one gives.

/** The files of the agent that were loaded so far, oldest first: all but those of packages. */
export const files: Set<string> = new Set();

let onFile = (_file: string): void => {};

/** Has each file told as soon as it is to be loaded. */
export function tellFiles(tell: (file: string) => void): void {
  onFile = tell;
}

/** An agent without packages of its own gets the doors of the Heddle that runs it. */
export const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  const parent = /^heddle(?:\/|$)/.test(specifier) ? toFile(context.parentURL) : undefined;
  if (parent === undefined || hasHeddle(dirname(parent))) return nextResolve(specifier, context);
  return nextResolve(specifier, { ...context, parentURL: import.meta.url });
};

/**
 * A file is what its syntax says, also where its package says CommonJS, as `npm init` does: what is no CommonJS is a module. And Node before
 * 22.18 leaves types in.
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

/** What is broken is taken for a module: Node then tells where. */
function isCommonJs(text: string, language: string): boolean {
  try {
    const source = language === 'ts' ? stripTypes(text) : text;
    compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname']);
    return true;
  } catch {
    return false;
  }
}

/** Node's own, without its warning that the function is new: the person at the terminal can do nothing about it. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return nodeModule.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
