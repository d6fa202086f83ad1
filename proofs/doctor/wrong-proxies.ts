import { runApache } from '../../test/rig/apache.ts';
import { runCaddy, toCaddySite } from '../../test/rig/caddy.ts';
import { runHaproxy } from '../../test/rig/haproxy.ts';
import { runNginxServers } from '../../test/rig/nginx.ts';
import type { ProxyPlace, ReverseProxy } from '../../test/rig/proxy-process.ts';

/** A proxy as it comes, or with a fault that people put into it. */
export interface WrongProxy extends ReverseProxy {
  readonly what: string;
}

function nginxWith(what: string, lines: string): WrongProxy {
  return {
    name: 'nginx',
    what,
    start: ({ port, upstream, certificate }) =>
      runNginxServers(
        `server {
          listen 127.0.0.1:${port} ssl http2;
          ssl_certificate ${certificate.certFile};
          ssl_certificate_key ${certificate.keyFile};
          location / { proxy_pass http://${upstream}; ${lines} }
        }`,
        port,
      ),
  };
}

function haproxyWith(what: string, lines: string, alpn = 'h2,http/1.1'): WrongProxy {
  return {
    name: 'HAProxy',
    what,
    start: (place) =>
      runHaproxy(
        `defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
frontend https
  bind 127.0.0.1:${place.port} ssl crt FOLDER/both.pem alpn ${alpn}
  ${lines}
  default_backend heddle
backend heddle
  server one ${place.upstream}
`,
        place,
      ),
  };
}

function caddyWith(what: string, lines: string): WrongProxy {
  return {
    name: 'Caddy',
    what,
    start: (place) => runCaddy(`${toCaddySite(place)}\n${lines}\nreverse_proxy ${place.upstream}\n}`, place),
  };
}

function apacheWith(what: string, lines: string): WrongProxy {
  return {
    name: 'Apache',
    what,
    start: (place) => runApache(toApacheSite(place, lines), place),
  };
}

function toApacheSite({ port, upstream, certificate }: ProxyPlace, lines: string): string {
  return `<VirtualHost 127.0.0.1:${port}>
    SSLEngine on
    SSLCertificateFile ${certificate.certFile}
    SSLCertificateKeyFile ${certificate.keyFile}
    ProxyPass / http://${upstream}/
    ${lines}
  </VirtualHost>`;
}

const keepsHost = 'proxy_http_version 1.1; proxy_set_header Host $http_host;';
const addsAddress = 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;';

/** Proxies as they come with one line for Heddle, and with single faults. */
export const wrongProxies: readonly WrongProxy[] = [
  nginxWith('one `proxy_pass`', ''),
  nginxWith(
    'ignores `X-Accel-Buffering`, over HTTP/1.0',
    `proxy_set_header Host $http_host; ${addsAddress} proxy_ignore_headers X-Accel-Buffering;`,
  ),
  nginxWith('compresses everything', `${keepsHost} ${addsAddress} gzip on; gzip_types *; gzip_proxied any;`),
  nginxWith('takes Authorization away', `${keepsHost} ${addsAddress} proxy_set_header Authorization "";`),
  nginxWith('refuses bodies of 500 KB', `${keepsHost} ${addsAddress} client_max_body_size 500k;`),
  haproxyWith('one `server`', ''),
  haproxyWith('one `server`, without HTTP/2', '', 'http/1.1'),
  haproxyWith('with `option forwardfor`', 'option forwardfor'),
  caddyWith('one `reverse_proxy`', ''),
  caddyWith('`encode gzip`', 'encode gzip'),
  apacheWith('one `ProxyPass`', ''),
  apacheWith('`DEFLATE` for everything', 'ProxyPreserveHost On\nSetOutputFilter DEFLATE'),
];
