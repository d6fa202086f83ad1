import { fieldsOf } from '../../kit/index.ts';

/** Returns the text of a content that is a text, or a list of texts and of objects with a `text`. */
export function toContentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => toContentText(typeof part === 'string' ? part : fieldsOf(part)['text']))
    .join('');
}
