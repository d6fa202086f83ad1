import type { Route } from './routes.ts';

export interface RouteMatch {
  readonly route?: Route;
  /** '' if the path has no session; undefined if no route has this path. */
  readonly session?: string;
  /** The methods of the path's routes. */
  readonly allow?: string;
}

/** Creates the function that finds a route by method and path. Open routes answer HEAD too. */
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
