/**
 * Reads a cookie's value from a Cookie header (RFC 6265, section 4.2). The value is opaque: it is returned as
 * the browser sent it, quotes included. Returns undefined if no cookie has this name or its value is empty.
 * Returns undefined if several cookies have the name, too: another site below the same domain may have planted
 * one of them, and nothing shows which.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const start = `${name}=`;
  // Browsers strip spaces and tabs around a name, and no other characters. Stripping more would let a page
  // plant a name with the prefix `__Host-`, which browsers check at the very start of a name.
  const pairs = header?.split(/;[ \t]*/).filter((pair) => pair.startsWith(start)) ?? [];
  return (pairs.length === 1 && pairs[0]?.slice(start.length)) || undefined;
}
