import { runApache } from '../../test/rig/apache.ts';
import { runCaddy, toCaddySite } from '../../test/rig/caddy.ts';
import { runHaproxy } from '../../test/rig/haproxy.ts';
import { runNginxServers } from '../../test/rig/nginx.ts';
import type { ReverseProxy } from '../../test/rig/proxy-process.ts';

/**
 * The four as they come: the line that names Heddle, TLS with HTTP/2, and compression as people switch it on.
 */
export const minimalProxies: readonly ReverseProxy[] = [
  {
    name: 'nginx',
    start: ({ port, upstream, certificate }) =>
      runNginxServers(
        `gzip on; gzip_types *;
        server {
          listen 127.0.0.1:${port} ssl http2;
          ssl_certificate ${certificate.certFile};
          ssl_certificate_key ${certificate.keyFile};
          location / { proxy_pass http://${upstream}; }
        }`,
        port,
      ),
  },
  {
    name: 'HAProxy',
    start: (place) =>
      runHaproxy(
        `defaults
          mode http
          timeout connect 5s
          timeout client 50s
          timeout server 50s
          compression algo gzip
        frontend https
          bind 127.0.0.1:${place.port} ssl crt FOLDER/both.pem alpn h2,http/1.1
          default_backend heddle
        backend heddle
          server one ${place.upstream}
        `,
        place,
      ),
  },
  {
    name: 'HAProxy without TLS',
    start: (place) =>
      runHaproxy(
        `defaults
          mode http
          timeout connect 5s
          timeout client 50s
          timeout server 50s
        frontend http
          bind 127.0.0.1:${place.port}
          default_backend heddle
        backend heddle
          server one ${place.upstream}
        `,
        place,
      ),
  },
  {
    name: 'Caddy',
    start: (place) =>
      runCaddy(`${toCaddySite(place)}\n encode gzip\n reverse_proxy ${place.upstream}\n}\n`, place),
  },
  {
    name: 'Apache',
    start: (place) =>
      runApache(
        `<VirtualHost 127.0.0.1:${place.port}>
          Protocols h2 http/1.1
          SSLEngine on
          SSLCertificateFile ${place.certificate.certFile}
          SSLCertificateKeyFile ${place.certificate.keyFile}
          SetOutputFilter DEFLATE
          ProxyPass / http://${place.upstream}/
        </VirtualHost>
        `,
        place,
      ),
  },
];
