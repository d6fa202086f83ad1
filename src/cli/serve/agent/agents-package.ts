import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ExitError } from '../exit-error.ts';
import { inAgentsStead, packages } from './hooks.ts';

/**
 * Imports a package in the stead of the agent's file, so that an adapter uses the same copy of it as the
 * agent: a package may have one for `import` and one for `require`, and a class of one is not that of the
 * other. Throws an ExitError if the package is not installed.
 */
export async function importAgentsPackage<Exports extends object>(
  name: string,
  file: string,
): Promise<Exports> {
  const url = packages.get(name) ?? (await findUrl(name, file));
  const loaded: Exports & { readonly default?: Exports } = await import(url);
  // Node does not find all exports of a module of CommonJS by their names. Its default export has them.
  return { ...loaded.default, ...loaded };
}

async function findUrl(name: string, file: string): Promise<string> {
  const url = `${inAgentsStead}${name}?${pathToFileURL(file).href}`;
  const isResolved = await import(url).then(
    () => true,
    () => false,
  );
  if (isResolved) return url;
  try {
    // Without hooks, in some runtimes, there is no other way than that of CommonJS.
    return pathToFileURL(createRequire(file).resolve(name)).href;
  } catch {
    throw new ExitError(`The adapter of this agent needs the package ${name}: npm install ${name}`);
  }
}
