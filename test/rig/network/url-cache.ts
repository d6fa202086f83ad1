/** A response as a cache keeps it. */
interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** A cache that looks at the method and the URL only, and keeps what came for ever. */
export interface UrlCache {
  find(method: string, url: string): KeptAnswer | undefined;
  /** Keeps the first response with status 200 of each URL. */
  keep(method: string, url: string, answer: KeptAnswer): void;
}

export function createUrlCache(): UrlCache {
  const kept = new Map<string, KeptAnswer>();
  return {
    find: (method, url) => (method === 'GET' ? kept.get(url) : undefined),
    keep(method, url, answer) {
      if (method === 'GET' && answer.status === 200 && !kept.has(url)) kept.set(url, answer);
    },
  };
}
