import { runNginx, toNginxConfiguration } from '../rig/nginx.ts';
import { findPort } from '../rig/redis-server.ts';

/** nginx with a cache before a server. It caches what it may for ten minutes, by the URL alone. */
export interface CachingNginx {
  readonly obedient: string;
  /** The same, but it ignores the server's headers about caching. */
  readonly careless: string;
  stop(): Promise<void>;
}

/** Starts nginx, and waits until it passes on requests. */
export async function startCachingNginx(upstream: string): Promise<CachingNginx> {
  const ports = { obedient: await findPort(), careless: await findPort() };
  const server = (name: keyof typeof ports, more: string): string => `
    proxy_cache_path ${name} keys_zone=${name}:1m;
    server {
      listen 127.0.0.1:${ports[name]};
      add_header X-Cache-Status $upstream_cache_status always;
      location / {
        proxy_pass ${upstream};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_cache ${name};
        proxy_cache_key $request_uri;
        proxy_cache_valid any 10m;
        ${more}
      }
    }`;
  const servers = [
    server('obedient', ''),
    server('careless', 'proxy_ignore_headers Cache-Control Expires Vary Set-Cookie X-Accel-Buffering;'),
  ];
  const obedient = `http://127.0.0.1:${ports.obedient}`;
  const careless = `http://127.0.0.1:${ports.careless}`;
  // With a query of its own, so that no failed start stays in the cache.
  const probes = [obedient, careless].map((url) => `${url}/ready?up`);
  return { obedient, careless, stop: await runNginx(toNginxConfiguration(servers.join('')), probes) };
}
