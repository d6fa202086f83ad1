import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a file that is built last is newer than all that it is built of: files and folders below a root, where a deleted file shows too. */
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
