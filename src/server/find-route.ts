import type { Route } from './routes.ts';

/** Finds a route; `session` is '' for a path without one, and undefined where no route has the path at all. */
export function createFinder(
  routes: readonly Route[],
): (method: string, path: string) => { readonly route?: Route; readonly session?: string } {
  const plain = new Map<string, Route>();
  for (const route of routes) plain.set(`${route.method} ${route.path}`, route);
  const paths = new Set(routes.map(({ path }) => path));
  return (method, path) => {
    const slash = path.indexOf('/', 1);
    const base = slash > 0 ? `${path.slice(0, slash)}/:session` : path;
    const session = slash > 0 ? path.slice(slash + 1) : '';
    if (!paths.has(base)) return {};
    const route = plain.get(`${method} ${base}`);
    return { session, ...(route && { route }) };
  };
}
