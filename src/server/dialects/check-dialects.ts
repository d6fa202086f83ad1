import type { Dialect } from '../../dialects/index.ts';

const pathPattern = /^(\/[^/?#\s:][^/?#\s]*)(\/(:[a-z][a-zA-Z]*|[^/?#\s:][^/?#\s]*))*$/;

/** The first segments of Heddle's own routes. A test compares them with the table of routes. */
export const reserved: ReadonlySet<string> = new Set([
  'admin',
  'answer',
  'caller',
  'cancel',
  'events',
  'health',
  'link',
  'message',
  'ready',
  'session',
  'sessions',
  'stream',
  'streams',
  'ticket',
  'withdraw',
]);

/**
 * Checks that dialects fit beside each other and beside the server's own routes. Throws a TypeError that names
 * the dialect.
 */
export function checkDialects(dialects: readonly Dialect[]): void {
  const names = new Set<string>();
  const paths = new Map<string, string>();
  for (const { name, routes = [] } of dialects) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
      throw new TypeError(
        `dialects: "${name}" must be a name of 1 to 32 lower-case letters, digits and hyphens.`,
      );
    if (names.has(name)) throw new TypeError(`dialects: "${name}" is given twice.`);
    names.add(name);
    for (const { method, path } of routes) {
      if (!pathPattern.test(path))
        throw new TypeError(
          `dialects: the path "${path}" of "${name}" must begin with a literal segment, like /name/:thread.`,
        );
      if (!isAsSent(path))
        throw new TypeError(
          `dialects: the path "${path}" of "${name}" must be written as clients send it, percent-encoded.`,
        );
      const first = path.split('/', 2)[1] ?? '';
      if (reserved.has(first))
        throw new TypeError(`dialects: "/${first}" of "${name}" is a path of Heddle's own routes.`);
      const place = toPlace(method, path);
      const other = paths.get(place);
      if (other !== undefined)
        throw new TypeError(`dialects: "${other}" and "${name}" have the same route ${method} ${path}.`);
      paths.set(place, name);
    }
  }
}

/** Returns whether a URL with this path has it unchanged. Otherwise no request would ever match it. */
function isAsSent(path: string): boolean {
  return URL.parse(path, 'http://localhost')?.pathname === path;
}

/** Returns the same text for routes that answer the same requests. */
function toPlace(method: string, path: string): string {
  return `${method} ${path.replaceAll(/\/:[^/]+/g, '/:')}`;
}
