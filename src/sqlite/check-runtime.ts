import { isBuiltin } from 'node:module';

type Versions = Readonly<Record<string, string | undefined>>;

/**
 * Throws an Error that names what this runtime lacks. Runs before the worker starts, because there it would
 * fail with an unclear error or hang.
 */
export function checkRuntime(
  path: string,
  { bun, deno, node }: Versions = process.versions,
  hasSqlite: boolean = isBuiltin('node:sqlite'),
): void {
  // Deno had `node:sqlite` before its threads behaved like those of Node.
  const lack = hasSqlite ? isBefore(deno, 2, 8) && 'no threads like those of Node' : 'no node:sqlite';
  if (lack === false) return;
  const name = bun === undefined ? (deno === undefined ? `Node ${node}` : `Deno ${deno}`) : `Bun ${bun}`;
  throw new Error(
    `The log at ${path} cannot be opened: ${name} has ${lack}; use Node 22.13, Node 24, Bun 1.4 or Deno 2.8 or later, or another store.`,
  );
}

function isBefore(version: string | undefined, major: number, minor: number): boolean {
  if (version === undefined) return false;
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor < major || (itsMajor === major && itsMinor < minor);
}
