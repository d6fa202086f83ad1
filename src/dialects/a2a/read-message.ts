import type { Content, ContentPart } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';
import { readDataUrl } from '../data-url.ts';
import type { A2aFacts } from './a2a-objects.ts';
import { A2aProblem } from './a2a-problem.ts';
import type { A2aVersion } from './peer.ts';
import { readObjectParam, readTextParam, toInvalidParam } from './read-params.ts';

/** A message as a peer sends it. */
export interface PeerMessage {
  readonly messageId: string;
  readonly contextId?: string;
  readonly taskId?: string;
  readonly parts: readonly PeerPart[];
}

/** A part of a message in one form for all versions. */
export type PeerPart = ContentPart | { readonly type: 'data'; readonly data: unknown };

const maxName = 200;

/** Reads the message of a request. Throws an A2aProblem. */
export function readPeerMessage(params: A2aFacts, version: A2aVersion): PeerMessage {
  if (!isRecord(params['message'])) throw toInvalidParam('message', 'is missing');
  const message = readObjectParam(params, 'message');
  const messageId = readTextParam(message, 'messageId');
  if (messageId === undefined || messageId.length > maxName)
    throw toInvalidParam('message.messageId', `must be a text of 1 to ${maxName} characters`);
  const user = version === '0.3' ? 'user' : 'ROLE_USER';
  if (message['role'] !== user) throw toInvalidParam('message.role', `must be ${user}`);
  const parts = message['parts'];
  if (!Array.isArray(parts) || parts.length === 0) throw toInvalidParam('message.parts', 'must have a part');
  const [contextId, taskId] = [readTextParam(message, 'contextId'), readTextParam(message, 'taskId')];
  return {
    messageId,
    ...(contextId !== undefined && { contextId }),
    ...(taskId !== undefined && { taskId }),
    parts: parts.map((part: unknown, index) => {
      const read = isRecord(part) ? (version === '0.3' ? readOlderPart(part) : readPart(part)) : undefined;
      if (read === undefined) throw toInvalidParam(`message.parts[${index}]`, 'is no part of A2A');
      return read;
    }),
  };
}

/** Returns the parts as the content of a message. Data becomes its JSON text. */
export function toPeerContent(parts: readonly PeerPart[]): Content {
  const [first] = parts;
  if (parts.length === 1 && first?.type === 'text') return first.text;
  return parts.map((part) =>
    part.type === 'data' ? { type: 'text', text: JSON.stringify(part.data) } : part,
  );
}

function readPart(part: A2aFacts): PeerPart | undefined {
  const { text, raw, url, data, mediaType, filename } = part;
  // JSON of protocol buffers may have `null` for a field that is absent. Data may also be `null` itself.
  const given = [text, raw, url, data].filter((value) => (value ?? undefined) !== undefined);
  if (given.length > 1) return undefined;
  if (typeof text === 'string') return { type: 'text', text };
  if (typeof raw === 'string') return toFile(raw, mediaType, filename);
  if (typeof url === 'string') return readAddress(url, filename);
  return data === undefined || (data === null && given.length > 0) ? undefined : { type: 'data', data };
}

function readOlderPart(part: A2aFacts): PeerPart | undefined {
  const { kind, text, file } = part;
  if (kind === 'text' && typeof text === 'string') return { type: 'text', text };
  if (kind === 'data' && part['data'] !== undefined) return { type: 'data', data: part['data'] };
  if (kind !== 'file' || !isRecord(file)) return undefined;
  const { bytes, uri, mimeType, name } = file;
  if (typeof bytes === 'string') return toFile(bytes, mimeType, name);
  return typeof uri === 'string' ? readAddress(uri, name) : undefined;
}

function toFile(text: string, type: unknown, filename: unknown): ContentPart | undefined {
  const data = toBase64(text);
  if (data === undefined) return undefined;
  const media = typeof type === 'string' && type !== '' ? type : 'application/octet-stream';
  if (/^image\//i.test(media)) return { type: 'image', media_type: media.toLowerCase(), data };
  const name = typeof filename === 'string' && filename !== '' ? { name: filename } : {};
  return { type: 'file', media_type: media, data, ...name };
}

/** Returns the bytes in the usual alphabet of base64. Protocol buffers may have that of URLs, too. */
function toBase64(text: string): string | undefined {
  if (!/^[\w+/-]*={0,2}$/.test(text)) return undefined;
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** Reads a file by its address. The server fetches nothing, so the address must have the file in it. */
function readAddress(url: string, filename: unknown): ContentPart | undefined {
  const found = readDataUrl(url);
  if (found === 'broken') return undefined;
  if (found !== undefined) return toFile(found.data, found.media_type, filename);
  throw new A2aProblem(
    'CONTENT_TYPE_NOT_SUPPORTED',
    'A file must be sent with its bytes: this agent does not fetch addresses.',
  );
}
