/** Schemes whose pages have no origin of their own: a browser sends `null` for them, or never sends them. */
const noPages = /^(file|data|blob|about|javascript|filesystem|ws|wss|ftp):/i;

/**
 * Reads the option `origins`: origins of http and https, and of apps and browser extensions, such as
 * `capacitor://localhost` and `chrome-extension://<id>`. Throws a TypeError if one is invalid, with the right
 * form in its message.
 */
export function toOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins) {
    const wrong = findFault(origin);
    if (wrong !== undefined) throw new TypeError(`origins: "${origin}" ${wrong}`);
  }
  return new Set(origins);
}

function findFault(origin: string): string | undefined {
  if (origin === 'null' || noPages.test(origin))
    return 'cannot be let in: any sandboxed frame or file says the like; serve the page over http or https, or by a scheme of its own.';
  // A star would look like a wildcard.
  if (origin.includes('*')) return 'has a star in it; name each origin, like https://example.com.';
  const [, scheme, rest] = /^([a-z][a-z\d+.-]*):\/\/([^\s/?#@\\]+)/i.exec(origin) ?? [];
  if (scheme === undefined || rest === undefined)
    return 'is not an origin; write it like https://example.com.';
  const isWeb = /^https?$/i.test(scheme);
  // URL knows no origin for other schemes. Their browsers send it as it stands, upper case included.
  const right = isWeb ? URL.parse(origin)?.origin : `${scheme.toLowerCase()}://${rest}`;
  if (right === undefined) return 'is not an origin; write it like https://example.com.';
  return right === origin ? undefined : `is not an origin; write it like ${right}.`;
}
