import { fromBase64 } from '../../protocol/internal.ts';
import type { Content, ContentPart } from '../../protocol/index.ts';
import type { StrandsBlock, StrandsDocumentFormat, StrandsImageFormat } from './strands-message.ts';
import { createFailure } from '../kit/index.ts';

const imageFormats: Readonly<Record<string, StrandsImageFormat>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

const documentFormats: Readonly<Record<string, StrandsDocumentFormat>> = {
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'application/json': 'json',
  'application/xml': 'xml',
};

/**
 * Converts the content of a person's message to the SDK's blocks. Throws `unsupported_content` for a file
 * type that the SDK has no name for, and for data that is not base64.
 */
export function toStrandsContent(content: Content): StrandsBlock[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return content.filter((part) => part.type !== 'text' || part.text !== '').map(toBlock);
}

function toBlock(part: ContentPart): StrandsBlock {
  if (part.type === 'text') return { text: part.text };
  const bytes = toBytes(part.data);
  const image = part.type === 'image' ? imageFormats[part.media_type] : undefined;
  if (image !== undefined) return { image: { format: image, source: { bytes } } };
  const document = part.type === 'file' ? documentFormats[part.media_type] : undefined;
  if (document === undefined || part.type !== 'file') throw createFailure('unsupported_content');
  return { document: { name: toDocumentName(part.name ?? 'document'), format: document, source: { bytes } } };
}

/** Bedrock accepts only letters, digits, single spaces, hyphens, parentheses and brackets in the name. */
function toDocumentName(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9()[\] -]+/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 64);
  return plain === '' ? 'document' : plain;
}

function toBytes(data: string): Uint8Array {
  try {
    return fromBase64(data);
  } catch (cause) {
    throw createFailure('unsupported_content', cause);
  }
}
