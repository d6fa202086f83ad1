import type { Route } from './routes.ts';

export interface RouteMatch {
  readonly route?: Route;
  /** '' for a path without one; undefined where no route has the path at all. */
  readonly session?: string;
  /** The methods that the path's routes have. */
  readonly allow?: string;
}

/** Makes what finds a route by method and path. Routes that are open to everybody answer HEAD too. */
export function createFinder(routes: readonly Route[]): (method: string, path: string) => RouteMatch {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  return (method, path) => {
    const slash = path.indexOf('/', 1);
    const exact = path.includes(':') ? undefined : byPath.get(path);
    const found = exact ?? (slash > 0 ? byPath.get(`${path.slice(0, slash)}/:session`) : undefined);
    if (found === undefined) return {};
    const route = found.find((each) => each.method === method || (method === 'HEAD' && each.open));
    const allow = found.map((each) => each.method).join(', ');
    return { session: exact ? '' : path.slice(slash + 1), allow, ...(route && { route }) };
  };
}
