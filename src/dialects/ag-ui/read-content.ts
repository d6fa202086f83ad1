import type { Content, ContentPart } from '../../protocol/index.ts';
import { isRecord } from '../../protocol/internal.ts';

/**
 * Reads the content of a message: text, or parts of AG-UI. Data becomes an image or a file. A part that is
 * named by an address becomes a text with the address, because the server fetches nothing. Returns undefined
 * for anything else.
 */
export function readContent(content: unknown): Content | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map(readPart);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** Joins the texts of a content; empty if there are none. */
export function joinTexts(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

function readPart(part: unknown): ContentPart | undefined {
  if (!isRecord(part)) return undefined;
  switch (part['type']) {
    case 'text':
      return typeof part['text'] === 'string' ? { type: 'text', text: part['text'] } : undefined;
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return readSource(part['source'], nameOf(part));
    // The part for media before AG-UI 0.0.48.
    case 'binary': {
      const { data, url, mimeType } = part;
      if (typeof data === 'string') return toMedium(data, mimeType, nameOf(part));
      return readSource({ type: 'url', value: url, mimeType }, nameOf(part));
    }
    default:
      return undefined;
  }
}

function readSource(source: unknown, name: string | undefined): ContentPart | undefined {
  if (!isRecord(source)) return undefined;
  const { type, value, mimeType } = source;
  // A handle of a provider is no use to another one.
  if (typeof value !== 'string' || type === 'file') return undefined;
  if (type === 'data') return toMedium(value, mimeType, name);
  const [, media, data] = /^data:([^,]*);base64,(.*)$/su.exec(value) ?? [];
  if (media !== undefined && data !== undefined) return toMedium(data, media, name);
  return { type: 'text', text: value };
}

function toMedium(data: string, media: unknown, name: string | undefined): ContentPart | undefined {
  if (typeof media !== 'string' || media === '') return undefined;
  if (media.startsWith('image/')) return { type: 'image', media_type: media, data };
  return { type: 'file', media_type: media, data, ...(name !== undefined && { name }) };
}

function nameOf(part: Readonly<Record<string, unknown>>): string | undefined {
  const { filename, metadata } = part;
  const name = filename ?? (isRecord(metadata) ? metadata['filename'] : undefined);
  return typeof name === 'string' ? name : undefined;
}
