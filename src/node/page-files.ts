import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Reply } from '../server/index.ts';
import { answerPageFile, toPageFile } from './page-file.ts';
import type { FileRequest, PageFile } from './page-file.ts';
import { pagePolicy } from './page-policy.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
};

/** The endings of compressed files, which stand beside what they are made of. */
const endings = { br: '.br', gzip: '.gz' } as const;

/**
 * Reads a folder of built files once, and returns the function that answers their paths. `/` is its
 * index.html. If there are `index.js.br` or `index.js.gz` beside `index.js`, clients that accept them get
 * them in its place. Throws if the folder cannot be read.
 */
export function pageFiles(folder: string): (path: string, request?: FileRequest) => Reply | undefined {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const found = new Set(names);
  const isCompressed = (name: string): boolean =>
    Object.values(endings).some((end) => name.endsWith(end) && found.has(name.slice(0, -end.length)));
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, name)));
  const policy = pagePolicy();
  const files = new Map<string, PageFile>();
  for (const name of names) {
    if (isCompressed(name)) continue;
    const codings = (['br', 'gzip'] as const).filter((coding) => found.has(name + endings[coding]));
    const path = `/${name.split(sep).join('/')}`;
    const file = toPageFile(
      [...codings.map((coding) => [coding, read(name + endings[coding])] as const), ['identity', read(name)]],
      // The names of built assets contain a hash of their content.
      {
        type: types[extname(path)] ?? 'application/octet-stream',
        policy,
        isHashed: path.startsWith('/assets/'),
      },
    );
    files.set(path, file);
  }
  return (path, request) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    return file && answerPageFile(file, request);
  };
}
