import { join } from 'node:path';
import { isListening, readDeployed, replaceParts, runProxy } from './proxy-process.ts';
import type { ProxyPlace, ReverseProxy } from './proxy-process.ts';

/** The modules that `a2enmod` names in the shipped file, and what Debian has on besides. */
const modules = [
  'mpm_event',
  'authz_core',
  'env',
  'alias',
  'filter',
  'deflate',
  'proxy',
  'proxy_http',
  'http2',
  'ssl',
  'headers',
  'asis',
];

/** Runs Apache with the sites of a configuration. */
export function runApache(sites: string, { port }: ProxyPlace): Promise<() => Promise<void>> {
  const loads = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
  const server = `
    ServerRoot FOLDER
    ServerName localhost
    DefaultRuntimeDir FOLDER
    PidFile FOLDER/apache.pid
    ErrorLog FOLDER/error.log
    Listen 127.0.0.1:${port}
    ${loads.join('\n')}
    User nobody
    Group nogroup
  `;
  return runProxy(
    {
      command: '/usr/sbin/apache2',
      args: (folder) => ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')],
      files: { 'apache.conf': server + sites, 'comes-back.asis': readDeployed('comes-back.asis') },
    },
    () => isListening(port),
  );
}

/** Apache with `deploy/apache.conf`, with HTTP/2 switched on, where everything else is compressed. */
export const apache: ReverseProxy = {
  name: 'Apache',
  start: (place) => {
    const shipped = replaceParts(readDeployed('apache.conf'), {
      '*:443': `127.0.0.1:${place.port}`,
      '/etc/ssl/chat.example.com.pem': place.certificate.certFile,
      '/etc/ssl/chat.example.com.key': place.certificate.keyFile,
      '/etc/apache2/comes-back.asis': 'FOLDER/comes-back.asis',
      'http://127.0.0.1:8000/ flushpackets': `http://${place.upstream}/ flushpackets`,
      '# Protocols h2': 'Protocols h2',
      ...(place.removesPath && {
        '# RequestHeader': 'RequestHeader',
        '# Redirect': 'Redirect',
        '# ProxyPass': 'ProxyPass',
      }),
    });
    return runApache(`SetOutputFilter DEFLATE\n${shipped}`, place);
  },
};
