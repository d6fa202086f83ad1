import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isListening, readDeployed, replaceParts, runProxy } from './proxy-process.ts';
import type { ReverseProxy } from './proxy-process.ts';

/** A configuration that keeps the files of nginx in its own folder, around the `server` blocks of a test. */
export function toNginxConfiguration(servers: string): string {
  return `
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
      ${servers}
    }`;
}

/**
 * Runs nginx with a configuration in a folder of its own, until each of the URLs answers with 200. Resolves
 * with the function that stops it and deletes the folder.
 */
export function runNginx(configuration: string, probes: readonly string[]): Promise<() => Promise<void>> {
  const isUp = (url: string): Promise<boolean> =>
    fetch(url).then(
      ({ status }) => status === 200,
      () => false,
    );
  return runConfiguration(configuration, async () =>
    (await Promise.all(probes.map(isUp))).every((each) => each),
  );
}

/** Runs nginx with the `server` blocks of a configuration, until a port of them accepts connections. */
export function runNginxServers(servers: string, port: number): Promise<() => Promise<void>> {
  return runConfiguration(toNginxConfiguration(servers), () => isListening(port));
}

/** nginx with `deploy/nginx.conf`, where everything else is compressed. */
export const nginx: ReverseProxy = {
  name: 'nginx',
  start: ({ port, upstream, certificate, removesPath = false }) => {
    const shipped = replaceParts(readDeployed('nginx.conf'), {
      'listen 443': `listen 127.0.0.1:${port}`,
      '127.0.0.1:8000': upstream,
      '/etc/ssl/chat.example.com.pem': certificate.certFile,
      '/etc/ssl/chat.example.com.key': certificate.keyFile,
      ...(removesPath && { '# location /agent/': 'location /agent/' }),
    });
    return runNginxServers(`gzip on; gzip_types *; gzip_proxied any; ${shipped}`, port);
  },
};

function runConfiguration(text: string, isUp: () => Promise<boolean>): Promise<() => Promise<void>> {
  return runProxy(
    {
      command: 'nginx',
      args: (folder) => ['-p', folder, '-c', join(folder, 'nginx.conf')],
      files: { 'nginx.conf': text },
    },
    isUp,
  );
}
