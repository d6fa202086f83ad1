import { join } from 'node:path';
import { isListening, readDeployed, replaceParts, runProxy } from './proxy-process.ts';
import type { ProxyPlace, ReverseProxy } from './proxy-process.ts';

/** Returns the first line of a site of Caddy, with its certificate. */
export function toCaddySite({ port, certificate }: ProxyPlace): string {
  return `https://chat.example.com:${port}, https://localhost:${port} {
    tls ${certificate.certFile} ${certificate.keyFile}`;
}

/**
 * Runs Caddy with the sites of a configuration. Without `skip_install_trust` it would add a certificate
 * authority to those that this machine trusts.
 */
export function runCaddy(sites: string, { port }: ProxyPlace): Promise<() => Promise<void>> {
  return runProxy(
    {
      command: '/usr/bin/caddy',
      args: (folder) => ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
      files: { Caddyfile: `{\n admin off\n auto_https off\n skip_install_trust\n}\n${sites}` },
      env: (folder) => ({ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }),
    },
    () => isListening(port),
  );
}

/** Caddy with `deploy/Caddyfile`, which waits one second for a server in place of ten. */
export const caddy: ReverseProxy = {
  name: 'Caddy',
  start: (place) => {
    const shipped = replaceParts(readDeployed('Caddyfile'), {
      'chat.example.com {': toCaddySite(place),
      'reverse_proxy 127.0.0.1:8000': `reverse_proxy ${place.upstream}`,
      'lb_try_duration 10s': 'lb_try_duration 1s',
      ...(place.removesPath && {
        '# redir': 'redir',
        '# request_header': 'request_header',
        '# uri strip_prefix': 'uri strip_prefix',
      }),
    });
    return runCaddy(shipped, place);
  },
};
