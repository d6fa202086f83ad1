import { join } from 'node:path';
import { isListening, readDeployed, replaceParts, runProxy } from './proxy-process.ts';
import type { ProxyPlace, ReverseProxy } from './proxy-process.ts';

/** Runs HAProxy with a configuration. `FOLDER/both.pem` in it is the certificate with its key. */
export function runHaproxy(
  configuration: string,
  { port, certificate }: ProxyPlace,
): Promise<() => Promise<void>> {
  return runProxy(
    {
      command: '/usr/sbin/haproxy',
      args: (folder) => ['-db', '-f', join(folder, 'haproxy.cfg')],
      files: {
        // HAProxy refuses a file whose last line does not end.
        'haproxy.cfg': `${configuration}\n`,
        'both.pem': certificate.cert + certificate.key,
        'comes-back.http': readDeployed('comes-back.http'),
      },
    },
    () => isListening(port),
  );
}

/** HAProxy with `deploy/haproxy.cfg`. */
export const haproxy: ReverseProxy = {
  name: 'HAProxy',
  start: (place) => {
    const shipped = replaceParts(readDeployed('haproxy.cfg'), {
      'bind :443': `bind 127.0.0.1:${place.port}`,
      'server one 127.0.0.1:8000': `server one ${place.upstream}`,
      '/etc/haproxy/chat.example.com.pem': 'FOLDER/both.pem',
      '/etc/haproxy/comes-back.http': 'FOLDER/comes-back.http',
      // Only root may become another user.
      ...(process.getuid?.() !== 0 && { '  user haproxy\n  group haproxy\n': '' }),
      ...(place.removesPath && { '# http-request ': 'http-request ' }),
    });
    return runHaproxy(shipped, place);
  },
};
