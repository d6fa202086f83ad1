/** A cookie's value (RFC 6265, section 4.1.1). An empty value counts as none. */
const cookieValue =
  /^(?:[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")$/;

/**
 * Reads a cookie's value from a Cookie header; quotes around it are part of it. Pairs that do not conform to
 * RFC 6265 (section 4.2.1) are skipped. Returns undefined if no cookie has this name, or if several have it:
 * another site below the same domain may have planted one, and nothing shows which.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const start = `${name}=`;
  // Names are not trimmed, because browsers check the prefix `__Host-` only at the very start of a name.
  const pairs = header?.split('; ').filter((pair) => pair.startsWith(start)) ?? [];
  const value = pairs.length === 1 ? pairs[0]?.slice(start.length) : undefined;
  return value !== undefined && cookieValue.test(value) ? value : undefined;
}
