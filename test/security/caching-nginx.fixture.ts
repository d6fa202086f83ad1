import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { findPort } from '../rig/redis-server.ts';
import { start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

/** nginx with a cache before a server. It caches what it may for ten minutes, by the URL alone. */
export interface CachingNginx {
  readonly obedient: string;
  /** The same, but it ignores the server's headers about caching. */
  readonly careless: string;
  stop(): Promise<void>;
}

/** Starts nginx, and waits until it passes on requests. */
export async function startCachingNginx(upstream: string): Promise<CachingNginx> {
  const { path, remove } = temporaryFolder();
  const ports = { obedient: await findPort(), careless: await findPort() };
  const server = (name: keyof typeof ports, more: string): string => `
    proxy_cache_path ${path}/${name} keys_zone=${name}:1m;
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
  const config = `
    user ${userInfo().username};
    daemon off;
    pid nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      ${server('obedient', '')}
      ${server('careless', 'proxy_ignore_headers Cache-Control Expires Vary Set-Cookie X-Accel-Buffering;')}
    }`;
  writeFileSync(join(path, 'nginx.conf'), config);
  const nginx = start('nginx', ['-p', path, '-c', join(path, 'nginx.conf')]);
  const [obedient, careless] = [ports.obedient, ports.careless].map((port) => `http://127.0.0.1:${port}`) as [
    string,
    string,
  ];
  // With a query of its own, so that no failed start stays in the cache.
  const isUp = async (url: string) => expect((await fetch(`${url}/ready?up`)).status).toBe(200);
  for (const url of [obedient, careless]) await vi.waitFor(() => isUp(url), { timeout: 5_000 });
  return {
    obedient,
    careless,
    stop: async () => {
      await nginx.stop();
      remove();
    },
  };
}
