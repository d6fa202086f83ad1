import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Reply, ServerRequest, WholeReply } from '../server/index.ts';
import { chooseCoding } from './content-coding.ts';
import type { ContentCoding } from './content-coding.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
};

/** The page may load files from, and connect to, its own server only. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // The page never turns text into markup, so no Trusted Types policy may be created.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The endings of compressed files, which stand beside what they are made of. */
const endings = { br: '.br', gzip: '.gz' } as const;

type FileRequest = Pick<ServerRequest, 'header' | 'method'>;

/** One file of the page, in each coding that the folder has of it. The order is that of preference. */
type PageFile = ReadonlyMap<ContentCoding, WholeReply>;

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
  const files = new Map<string, PageFile>();
  for (const name of names) {
    if (isCompressed(name)) continue;
    const codings = (['br', 'gzip'] as const).filter((coding) => found.has(name + endings[coding]));
    const path = `/${name.split(sep).join('/')}`;
    const replies = [...codings, 'identity' as const].map((coding) => {
      const end = coding === 'identity' ? '' : endings[coding];
      const body = new Uint8Array(readFileSync(join(folder, name + end)));
      return [coding, toFileReply(path, body, coding, codings.length > 0)] as const;
    });
    files.set(path, new Map(replies));
  }
  return (path, request) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    return file && choose(file, request);
  };
}

function choose(file: PageFile, request: FileRequest | undefined): WholeReply {
  const coding = chooseCoding(request?.header('accept-encoding'), [...file.keys()]);
  const reply = coding && file.get(coding);
  if (reply === undefined) return notAcceptable;
  const { type, headers, body = '' } = reply;
  const held = request?.header('if-none-match');
  if (held === undefined || !hasTag(held, headers['etag'])) {
    if (request?.method !== 'HEAD') return reply;
    // A response without a body has the length that GET would have only if it is told.
    return { ...reply, headers: { ...headers, 'content-length': String(body.length) } };
  }
  const { 'content-type': _type, 'content-encoding': _coding, ...others } = headers;
  return { type, status: 304, headers: others };
}

const notAcceptable: WholeReply = {
  type: 'whole',
  status: 406,
  headers: { 'cache-control': 'no-store', vary: 'accept-encoding' },
};

/** Compares as RFC 9110 (section 13.1.2) does for reads: a proxy may have made a tag weak. */
function hasTag(header: string, tag: string | undefined): boolean {
  return header.split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')));
}

function toFileReply(
  path: string,
  body: Uint8Array<ArrayBuffer>,
  coding: ContentCoding,
  hasCodings: boolean,
): WholeReply {
  // The names of built assets contain a hash of their content.
  const forEver = path.startsWith('/assets/');
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return {
    type: 'whole',
    status: 200,
    headers: {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      ...(coding !== 'identity' && { 'content-encoding': coding }),
      ...(hasCodings && { vary: 'accept-encoding' }),
      'cache-control': forEver ? 'public, max-age=31536000, immutable' : 'no-cache',
      // Each coding has a tag of its own, because a tag stands for the bytes.
      etag: `"${hash}"`,
      'accept-ranges': 'none',
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
    },
    body,
  };
}
