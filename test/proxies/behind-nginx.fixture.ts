import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { findPort } from '../rig/redis-server.ts';
import { start } from '../rig/child.ts';
import { temporaryFolder } from '../rig/heddle-serve.ts';

export interface Nginx {
  /** The URL of each place, by its name. */
  readonly urls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts nginx before a server, with a port for each place. A place has the path of its one `location`, and
 * that location's lines.
 */
export async function startNginx(
  places: Readonly<Record<string, { readonly path?: string; readonly lines: string }>>,
): Promise<Nginx> {
  const ports = new Map<string, number>();
  for (const name of Object.keys(places)) ports.set(name, await findPort());
  const servers = Object.entries(places).map(
    ([name, { path = '/', lines }]) => `
      server {
        listen 127.0.0.1:${ports.get(name)};
        location ${path} {
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          ${lines}
        }
      }`,
  );
  return runNginx(
    `
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
      ${servers.join('')}
    }`,
    Object.fromEntries([...ports].map(([name, port]) => [name, `http://localhost:${port}`])),
    Object.fromEntries(Object.entries(places).map(([name, { path = '/' }]) => [name, path])),
  );
}

/** Runs nginx with a configuration, and waits until it passes on requests everywhere. */
export async function runNginx(
  configuration: string,
  urls: Readonly<Record<string, string>>,
  paths: Readonly<Record<string, string>> = {},
): Promise<Nginx> {
  const { path, remove } = temporaryFolder();
  writeFileSync(join(path, 'nginx.conf'), configuration);
  const nginx = start('nginx', ['-p', path, '-c', join(path, 'nginx.conf')]);
  for (const [name, url] of Object.entries(urls)) {
    const health = `${url}${paths[name] ?? '/'}health`;
    await vi.waitFor(async () => expect((await fetch(health)).status).toBe(200), { timeout: 10_000 });
  }
  return {
    urls,
    stop: async () => {
      await nginx.stop();
      remove();
    },
  };
}
