/** The data of a `data:` URL. */
export interface UrlData {
  readonly media_type: string;
  /** Base64. */
  readonly data: string;
}

/**
 * Reads a `data:` URL. Returns undefined for any other URL, and `broken` for one whose data cannot be read. The
 * media type is `text/plain` if the URL names none.
 */
export function readDataUrl(url: string): UrlData | 'broken' | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const found = /^data:([^,;]*)(?:;(?!base64)[^,;]*)*(;base64)?,(.*)$/is.exec(url);
  if (found === null) return 'broken';
  const [, type = '', isBase64, text = ''] = found;
  const data = isBase64 ? text : toBase64(text);
  return data === undefined ? 'broken' : { media_type: type || 'text/plain', data };
}

function toBase64(escaped: string): string | undefined {
  try {
    const bytes = new TextEncoder().encode(decodeURIComponent(escaped));
    let text = '';
    // A call takes only so many arguments.
    for (let at = 0; at < bytes.length; at += 8192)
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  } catch {
    return undefined;
  }
}
