import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from '../../protocol/internal.ts';
import { toIcon } from './icon.ts';

/** An image that the page serves, or the URL of one elsewhere. */
export type Logo =
  | { readonly type: 'file'; readonly body: Uint8Array<ArrayBuffer>; readonly kind: LogoKind }
  | { readonly type: 'elsewhere'; readonly url: string };

/** The form of an image. */
interface LogoKind {
  readonly ending: string;
  readonly mime: string;
  /** The width and the height in pixels, as manifests and links name them; `any` for all. */
  readonly sizes: string;
}

const most = 1024 * 1024;

/**
 * Opens the image that a setting names: the path of a file, or a URL with `file:`, `data:`, `https:` or
 * `http:`. Throws a TypeError that begins with `name` if it cannot be used.
 */
export function openLogo(given: string | URL, name: string): Logo {
  const text = String(given).trim();
  if (/^https?:/i.test(text)) {
    const url = URL.parse(text);
    if (url === null || url.username !== '' || url.password !== '')
      throw new TypeError(`${name} must be a URL without a user or a password, but it is ${describe(text)}.`);
    return { type: 'elsewhere', url: url.href };
  }
  const body = /^data:/i.test(text) ? readData(text, name) : readFile(given, text, name);
  const kind = toKind(body);
  if (kind === undefined)
    throw new TypeError(
      `${name} must be an SVG, PNG, JPEG, WebP, GIF, AVIF or ICO image, but ${describe(text)} is none.`,
    );
  return { type: 'file', body, kind };
}

/** Returns the icon of a page without a logo. */
export function toDefaultLogo(colour: string): Logo {
  const body = new TextEncoder().encode(toIcon(colour, 'round'));
  return { type: 'file', body, kind: { ending: 'svg', mime: 'image/svg+xml', sizes: 'any' } };
}

function readData(text: string, name: string): Uint8Array<ArrayBuffer> {
  const [, form = '', data] = /^data:([^,]*),(.*)$/is.exec(text) ?? [];
  if (data === undefined || data.length > 2 * most)
    throw new TypeError(`${name} must be a data: URL of at most 1 MiB, but it is ${describe(text)}.`);
  try {
    const isBase64 = /;base64$/i.test(form);
    return Uint8Array.from(Buffer.from(decodeURIComponent(data), isBase64 ? 'base64' : 'utf8'));
  } catch {
    throw new TypeError(`${name} must be a data: URL, but it cannot be decoded.`);
  }
}

function readFile(given: string | URL, text: string, name: string): Uint8Array<ArrayBuffer> {
  let path = text;
  try {
    if (given instanceof URL || text.startsWith('file:')) path = fileURLToPath(given);
    if (statSync(path).size <= most) return new Uint8Array(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new TypeError(
      `${name} must be the path or the URL of an image, but ${path} cannot be read (${code}).`,
      { cause: error },
    );
  }
  throw new TypeError(`${name} must be an image of at most 1 MiB, and ${path} is larger.`);
}

/** Recognises an image by its first bytes, because the ending of a file may be wrong. */
function toKind(body: Uint8Array<ArrayBuffer>): LogoKind | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const start = bytes.toString('latin1', 0, 16);
  if (start.startsWith('\u0089PNG\r\n')) {
    const sizes = bytes.length < 24 ? 'any' : `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
    return { ending: 'png', mime: 'image/png', sizes };
  }
  if (start.startsWith('\u00FF\u00D8\u00FF')) return { ending: 'jpg', mime: 'image/jpeg', sizes: 'any' };
  if (/^GIF8[79]a/.test(start)) return { ending: 'gif', mime: 'image/gif', sizes: 'any' };
  if (/^RIFF.{4}WEBP/s.test(start)) return { ending: 'webp', mime: 'image/webp', sizes: 'any' };
  if (/^.{4}ftypavi[fs]/s.test(start)) return { ending: 'avif', mime: 'image/avif', sizes: 'any' };
  if (start.startsWith('\u0000\u0000\u0001\u0000'))
    return { ending: 'ico', mime: 'image/x-icon', sizes: 'any' };
  // A declaration, comments and a document type may stand before the root element.
  const isSvg = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/is;
  return isSvg.test(bytes.toString('utf8', 0, 4_096))
    ? { ending: 'svg', mime: 'image/svg+xml', sizes: 'any' }
    : undefined;
}
