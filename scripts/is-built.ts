import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reports whether the last file of a build is newer than all its sources. `last` and `sources` are relative
 * to `root`; sources are files and folders. A folder's own time shows a deleted file.
 */
export function isBuilt(root: string, last: string, sources: readonly string[]): boolean {
  const built = statSync(join(root, last), { throwIfNoEntry: false });
  if (built === undefined) return false;
  return sources.every((source) => newestOf(join(root, source)) < built.mtimeMs);
}

function newestOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestOf(join(path, name))));
}
