import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRecord } from '../../protocol/internal.ts';

/**
 * Returns what `npm install` needs to install Heddle once more: the packed file that npm made this copy of,
 * or the folder of this copy, which is `root`. Returns undefined if it came from a registry, whose version
 * the new project names.
 */
export function findOrigin(root: string): string | undefined {
  const resolved = readResolved(join(dirname(root), '.package-lock.json'));
  if (resolved === undefined) return root;
  if (!resolved.startsWith('file:')) return undefined;
  // The path is relative to the folder in which npm ran.
  const file = resolve(dirname(dirname(root)), resolved.slice('file:'.length));
  return existsSync(file) ? file : root;
}

/** Reads where npm got Heddle from, out of the list that npm keeps in node_modules. */
function readResolved(lock: string): string | undefined {
  try {
    const { packages }: { packages?: Record<string, unknown> } = JSON.parse(readFileSync(lock, 'utf8'));
    const entry = packages?.['node_modules/heddle'];
    return isRecord(entry) && typeof entry['resolved'] === 'string' ? entry['resolved'] : undefined;
  } catch {
    return undefined;
  }
}
