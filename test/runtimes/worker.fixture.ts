// A worker with a server in a Durable Object, as in docs/runtimes.md. `GET /doors?url=` tests every door, and
// the client over the network.
import { createClient } from 'heddle/client';
import type { FetchLike } from 'heddle/client';
import { anywhere, createEcho, talk } from './anywhere.fixture.ts';

interface Env {
  readonly HEDDLE: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export class Heddle {
  readonly #server = createEcho();

  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    return pathname === '/doors'
      ? await tryDoors(searchParams.get('url') ?? '')
      : this.#server.fetch(request);
  }
}

export default {
  fetch(request: Request, { HEDDLE }: Env): Promise<Response> {
    const name = new URL(request.url).pathname === '/doors' ? 'doors' : 'sessions';
    return HEDDLE.get(HEDDLE.idFromName(name)).fetch(request);
  },
};

/**
 * Workers do not support `redirect: 'error'`. A redirect that is not followed is no valid response either.
 */
const withoutRedirects: FetchLike = (url, init) => fetch(url, { ...init, redirect: 'manual' });

async function tryDoors(url: string): Promise<Response> {
  const doors = {
    ...anywhere,
    'heddle/client': () => talk(createClient({ url, fetch: withoutRedirects })),
  };
  const results: Record<string, string> = {};
  for (const [name, run] of Object.entries(doors)) results[name] = await run().then(() => 'yes', String);
  return Response.json(results);
}
