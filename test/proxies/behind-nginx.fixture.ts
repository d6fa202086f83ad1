import { runNginx, toNginxConfiguration } from '../rig/nginx.ts';
import { findPort } from '../rig/redis-server.ts';

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
  const urls = Object.fromEntries([...ports].map(([name, port]) => [name, `http://localhost:${port}`]));
  const probes = Object.entries(places).map(([name, { path = '/' }]) => `${urls[name]}${path}health`);
  return { urls, stop: await runNginx(toNginxConfiguration(servers.join('')), probes) };
}
