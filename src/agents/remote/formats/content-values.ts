import { fieldsOf } from '../../kit/index.ts';

/** Returns an image or a file as a `data:` URL. */
export function toDataUrl({
  media_type: type,
  data,
}: {
  readonly media_type: string;
  readonly data: string;
}): string {
  return `data:${type};base64,${data}`;
}

/** Returns the output of a tool as text. */
export function toOutputText(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}

/** Returns the text of a content that is a text, or a list of texts and of objects with a `text`. */
export function toContentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => toContentText(typeof part === 'string' ? part : fieldsOf(part)['text']))
    .join('');
}
