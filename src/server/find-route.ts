import type { Route } from './routes.ts';

export interface RouteMatch {
  readonly route?: Route;
  /** A route of the path. Without `route`, it is one of another method. */
  readonly near?: Route | undefined;
  /** The named segments of the path, as they were sent; undefined if no route has this path. */
  readonly params?: Readonly<Record<string, string>>;
  /** The methods of the path's routes. */
  readonly allow?: string;
}

/** The routes of one path. Paths that differ only in the names of their segments are two places. */
interface Place {
  readonly segments: readonly string[];
  readonly routes: readonly Route[];
}

/**
 * Creates the function that finds a route by method and path. A literal segment comes before a named one, but
 * hides it only for the methods that it has. Open routes answer HEAD too.
 */
export function createFinder(routes: readonly Route[]): (method: string, path: string) => RouteMatch {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  const bySize = new Map<string, Place[]>();
  for (const [path, found] of byPath) {
    const segments = path.split('/');
    const size = toSize(segments);
    bySize.set(size, [...(bySize.get(size) ?? []), { segments, routes: found }]);
  }
  for (const places of bySize.values())
    places.sort((one, other) => countNamed(one.segments) - countNamed(other.segments));

  return (method, path) => {
    const segments = path.split('/');
    const places = bySize.get(toSize(segments))?.filter((each) => fits(each.segments, segments)) ?? [];
    const [first] = places;
    if (first === undefined) return {};
    const toRoute = ({ routes }: Place): Route | undefined =>
      routes.find((each) => each.method === method || (method === 'HEAD' && each.open));
    const place = places.find(toRoute) ?? first;
    const route = toRoute(place);
    const allow = [...new Set(places.flatMap((each) => each.routes.map((of) => of.method)))].join(', ');
    const near = route ?? place.routes[0];
    return { params: toParams(place.segments, segments), allow, near, ...(route && { route }) };
  };
}

/** Each path begins with a slash, so that its first segment is the second item. That one is never named. */
function toSize(segments: readonly string[]): string {
  return `${segments.length} ${segments[1]}`;
}

function countNamed(segments: readonly string[]): number {
  return segments.filter(isNamed).length;
}

function isNamed(segment: string): boolean {
  return segment.startsWith(':');
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((segment, index) => segment === segments[index] || isNamed(segment));
}

function toParams(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries())
    if (isNamed(segment)) params[segment.slice(1)] = segments[index] ?? '';
  return params;
}
