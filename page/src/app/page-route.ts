/** The route of the page: one session, or the start of a new one. */
export type PageRoute = { readonly type: 'new' } | { readonly type: 'session'; readonly session: string };

const pattern = /^#\/s\/([A-Za-z0-9_-]{1,64})$/;

/** Reads the fragment of the page's URL. The server never sees it, so any mount path works. */
export function toRoute(hash: string): PageRoute {
  const session = pattern.exec(hash)?.[1];
  return session === undefined ? { type: 'new' } : { type: 'session', session };
}

export function toHash(route: PageRoute): string {
  return route.type === 'session' ? `#/s/${route.session}` : '#/';
}
