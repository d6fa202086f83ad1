import { createHash } from 'node:crypto';
import type { ServerRequest, WholeReply } from '../server/index.ts';
import { chooseCoding } from './content-coding.ts';
import type { ContentCoding } from './content-coding.ts';

/** One file of the page, in each coding that there is of it. The order is that of preference. */
export type PageFile = ReadonlyMap<ContentCoding, WholeReply>;

/** The parts of a request that decide how a file is sent. */
export type FileRequest = Pick<ServerRequest, 'header' | 'method'>;

/** How a file of the page is served. */
export interface PageFileOptions {
  /** The media type. */
  readonly type: string;
  /** The Content-Security-Policy. */
  readonly policy: string;
  /** Whether the name contains a hash of the content, so that a cache may keep the file for ever. */
  readonly isHashed: boolean;
}

/** Returns the file with these bodies, one for each coding. The order is that of preference. */
export function toPageFile(
  bodies: readonly (readonly [ContentCoding, Uint8Array])[],
  { type, policy, isHashed }: PageFileOptions,
): PageFile {
  const toReply = (coding: ContentCoding, body: Uint8Array): WholeReply => ({
    type: 'whole',
    status: 200,
    headers: {
      'content-type': type,
      ...(coding !== 'identity' && { 'content-encoding': coding }),
      ...(bodies.length > 1 && { vary: 'accept-encoding' }),
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      // Each coding has a tag of its own, because a tag stands for the bytes.
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      'accept-ranges': 'none',
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
    },
    body,
  });
  return new Map(bodies.map(([coding, body]) => [coding, toReply(coding, body)]));
}

/** Returns the reply to a request for a file: in the coding that the client prefers, or 304, or 406. */
export function answerPageFile(file: PageFile, request: FileRequest | undefined): WholeReply {
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
