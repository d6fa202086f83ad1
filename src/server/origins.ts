/** Schemes of no page of its own: a browser says `null` for them, or never sends them. */
const noPages = /^(file|data|blob|about|javascript|filesystem|ws|wss|ftp):/i;

/**
 * Reads the option `origins`: of http and https, and of what shells for apps and extensions of browsers have,
 * as `capacitor://localhost` and `chrome-extension://<id>`. Throws a TypeError with what to write instead
 * where one is none.
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
  // A star would look as if it stood for something.
  if (origin.includes('*')) return 'has a star in it; name each origin, like https://example.com.';
  const [, scheme, rest] = /^([a-z][a-z\d+.-]*):\/\/([^\s/?#@\\]+)/i.exec(origin) ?? [];
  if (scheme === undefined || rest === undefined)
    return 'is not an origin; write it like https://example.com.';
  const isWeb = /^https?$/i.test(scheme);
  // Of other schemes URL knows no origin; their browsers say it as it stands there, with upper case in it.
  const right = isWeb ? URL.parse(origin)?.origin : `${scheme.toLowerCase()}://${rest}`;
  if (right === undefined) return 'is not an origin; write it like https://example.com.';
  return right === origin ? undefined : `is not an origin; write it like ${right}.`;
}
