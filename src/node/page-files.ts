import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Reply, WholeReply } from '../server/index.ts';
import { pagePolicy } from './page-policy.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
};

const contentSecurityPolicy = pagePolicy();

/**
 * Reads a folder of built files once, and returns the function that answers their paths. `/` is its
 * index.html. Throws if the folder cannot be read.
 */
export function pageFiles(folder: string): (path: string) => Reply | undefined {
  const answers = new Map<string, WholeReply>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    answers.set(path, toAnswer(path, new Uint8Array(readFileSync(file))));
  }
  return (path) => answers.get(path === '/' ? '/index.html' : path);
}

function toAnswer(path: string, body: Uint8Array<ArrayBuffer>): WholeReply {
  // The names of built assets contain a hash of their content.
  const forEver = path.startsWith('/assets/');
  return {
    type: 'whole',
    status: 200,
    headers: {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'cache-control': forEver ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
    },
    body,
  };
}
