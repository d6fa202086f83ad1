import type { ServerRequest } from './server-request.ts';

/** The place of a request below the path that the server is mounted under. */
export interface PathBelow {
  /** The path of a route or of the page's file, with its leading slash. */
  readonly path: string;
  /** The mount point itself was requested, without a slash at its end. */
  readonly isBare: boolean;
}

/**
 * Finds the place of a request; undefined if it is not below the base path. A framework may have removed that
 * path, and then it stands in `mount`.
 */
export function findBelow({ path, mount = '' }: ServerRequest, basePath: string): PathBelow | undefined {
  return cut(path, basePath) ?? (mount === '' ? undefined : cut(mount + path, basePath));
}

function cut(path: string, basePath: string): PathBelow | undefined {
  if (path === basePath) return { path: '/', isBare: true };
  return path.startsWith(`${basePath}/`) ? { path: path.slice(basePath.length), isBare: false } : undefined;
}

/**
 * Returns the Location of the mount point with a slash at its end. It is relative, because a proxy in front
 * may have removed more of the path. It begins with a dot, so that no browser takes its name for a host.
 */
export function toSlashed({ path, mount = '' }: ServerRequest): string {
  const name = `${mount}${path}`.split(/[/\\]/).findLast((segment) => segment !== '');
  return name === undefined ? './' : `./${name}/`;
}
