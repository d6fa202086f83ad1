import { toBase64 } from '../protocol/internal.ts';

/** The data of a `data:` URL. */
export interface UrlData {
  readonly media_type: string;
  /** Base64. */
  readonly data: string;
}

/**
 * Reads a `data:` URL. Returns undefined for any other URL, and `broken` for one whose data cannot be read.
 * The media type is `text/plain` if the URL names none.
 */
export function readDataUrl(url: string): UrlData | 'broken' | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const found = /^data:([^,;]*)(?:;(?!base64)[^,;]*)*(;base64)?,(.*)$/is.exec(url);
  if (found === null) return 'broken';
  const [, type = '', isBase64, text = ''] = found;
  const data = isBase64 ? text : fromEscaped(text);
  return data === undefined ? 'broken' : { media_type: type || 'text/plain', data };
}

function fromEscaped(escaped: string): string | undefined {
  try {
    return toBase64(new TextEncoder().encode(decodeURIComponent(escaped)));
  } catch {
    return undefined;
  }
}
