import type { Content, ContentPart } from '../../protocol/index.ts';

/** Whether a part is text, or a file whose data is base64. */
export function isReadable(part: ContentPart): boolean {
  return part.type === 'text' || /^[A-Za-z0-9+/_-]+={0,2}$/.test(part.data);
}

/**
 * Returns an earlier message without the files that could not be read then, and cannot be read now. A message
 * is never empty, because providers refuse a conversation that has an empty one.
 */
export function toReadable(content: Content): Content {
  if (typeof content === 'string') return content;
  const parts = content.filter(isReadable);
  return parts.length > 0 ? parts : '(a file that could not be read)';
}
