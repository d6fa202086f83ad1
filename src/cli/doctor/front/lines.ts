import type { FaultName } from './fault-names.ts';
import { frontNames } from './find-front.ts';
import type { FrontName } from './find-front.ts';

type Lines = Readonly<Partial<Record<FaultName, string>>>;

const nginxPatience = 'proxy_read_timeout 60s;';

/** The line to change, by what stands in front and by the fault. docs/proxies.md has whole files. */
const lines: Readonly<Record<FrontName, Lines>> = {
  nginx: {
    host: 'proxy_set_header Host $http_host;',
    origin: 'no proxy_set_header Origin …;',
    header: 'no proxy_set_header of that name; ignore_invalid_headers stays on',
    'reply-header': 'no proxy_hide_header and no add_header of that name',
    query: 'proxy_pass http://…; without a path of its own',
    address: 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    held: 'proxy_buffering off;',
    clumped: 'proxy_buffering off; tcp_nodelay on;',
    late: 'proxy_buffering off; tcp_nodelay on;',
    blocks: 'proxy_buffering off;',
    compression: 'gzip off;',
    compressed: 'gzip off;',
    'clean-end': 'proxy_http_version 1.1; proxy_set_header Connection "";',
    leaving: 'proxy_ignore_client_abort off;',
    cached: 'proxy_cache off;',
    repeated: 'proxy_next_upstream error;',
    'body-limit': 'client_max_body_size 2m;',
    'url-limit': 'large_client_header_buffers 4 16k;',
    'body-lost': 'proxy_pass_request_body on;',
    many: 'worker_connections 4096; and no limit_conn',
    idle: nginxPatience,
    duration: nginxPatience,
    broken: nginxPatience,
    'content-type': 'no proxy_hide_header Content-Type;',
    http1: 'listen 443 ssl http2;',
    prefix: 'proxy_pass http://…; without a slash at its end',
    'server-down': 'proxy_pass with the port that Heddle listens on',
  },
  'ingress-nginx': {
    held: 'nginx.ingress.kubernetes.io/proxy-buffering: "off"',
    clumped: 'nginx.ingress.kubernetes.io/proxy-buffering: "off"',
    blocks: 'nginx.ingress.kubernetes.io/proxy-buffering: "off"',
    late: 'nginx.ingress.kubernetes.io/proxy-buffering: "off"',
    compression: 'use-gzip: "false" in the ConfigMap',
    compressed: 'use-gzip: "false" in the ConfigMap',
    idle: 'nginx.ingress.kubernetes.io/proxy-read-timeout: "60"',
    duration: 'worker-shutdown-timeout in the ConfigMap: a reload cuts after it',
    repeated: 'nginx.ingress.kubernetes.io/proxy-next-upstream: "error"',
    'body-limit': 'nginx.ingress.kubernetes.io/proxy-body-size: 2m',
    'url-limit': 'large-client-header-buffers: "4 16k" in the ConfigMap',
    address: 'use-forwarded-headers: "false" in the ConfigMap',
  },
  haproxy: {
    host: 'no http-request set-header Host …',
    header: 'no http-request del-header of that name',
    address: 'http-request del-header X-Forwarded-For, and option forwardfor',
    held: 'no http-buffer-request and no filter on responses; option http-no-delay',
    clumped: 'option http-no-delay',
    late: 'option http-no-delay',
    blocks: 'option http-no-delay',
    compression: 'no compression type text/event-stream',
    compressed: 'no compression type text/event-stream',
    'clean-end': 'HAProxy 3.0: 2.6 tells HTTP/2 clients of a cut as of an end',
    leaving: 'option abortonclose',
    cached: 'no http-request cache-use',
    repeated: 'no retry-on beyond conn-failure',
    'url-limit': 'tune.bufsize 32768',
    many: 'maxconn 4096, on the server line too',
    idle: 'timeout server 60s, timeout client 60s',
    duration: 'no timeout tunnel, and hard-stop-after above the age of streams',
    http1: 'bind :443 ssl crt … alpn h2,http/1.1',
    'server-down': 'server one 127.0.0.1:8000 check',
  },
  caddy: {
    host: 'no header_up Host',
    origin: 'no header_up Origin',
    header: 'no header_up -…',
    'reply-header': 'no header_down -…',
    address: 'no trusted_proxies that callers belong to',
    held: 'encode with match { header Content-Type text/html* }',
    clumped: 'flush_interval -1',
    late: 'flush_interval -1',
    blocks: 'flush_interval -1',
    compression: 'encode with match { header Content-Type text/html* }',
    compressed: 'encode with match { header Content-Type text/html* }',
    'clean-end': 'none: Caddy ends every cut cleanly, and clients go by the last frame',
    repeated: 'no lb_retry_match',
    'body-limit': 'request_body { max_size 2MB }',
    prefix: 'handle_path takes the path off, handle keeps it',
    idle: 'no read_timeout in transport http',
    duration: 'no write_timeout in servers { timeouts }',
    'server-down': 'lb_try_duration 10s',
  },
  apache: {
    host: 'ProxyPreserveHost On',
    origin: 'no RequestHeader set Origin',
    header: 'no RequestHeader unset of that name; CGIPassAuth is not needed',
    'reply-header': 'no Header unset of that name',
    held: 'ProxyPass … flushpackets=on',
    clumped: 'ProxyPass … flushpackets=on',
    late: 'ProxyPass … flushpackets=on',
    blocks: 'ProxyPass … flushpackets=on',
    compression: 'SetEnv no-gzip 1 and SetEnv no-brotli 1, for the paths of streams',
    compressed: 'SetEnv no-gzip 1 and SetEnv no-brotli 1, for the paths of streams',
    leaving: 'none: Apache notices at the next keepalive',
    cached: 'CacheDisable /',
    'body-limit': 'LimitRequestBody 2097152',
    'url-limit': 'LimitRequestLine 16384',
    // Over HTTP/2 Apache works on six requests of a page at once, and on fewer when streams are closed.
    many: 'Protocols http/1.1 and MaxRequestWorkers 1024: each reader holds a thread',
    idle: 'ProxyTimeout 60',
    duration: 'ProxyTimeout 60',
    'server-down': 'ProxyPass … retry=0',
  },
  traefik: {
    compression: 'compress middleware: excludedContentTypes: ["text/event-stream"]',
    compressed: 'compress middleware: excludedContentTypes: ["text/event-stream"]',
    held: 'no buffering middleware; responseForwarding.flushInterval: 1ms',
    clumped: 'responseForwarding.flushInterval: 1ms',
    duration: 'respondingTimeouts.writeTimeout: 0',
    idle: 'respondingTimeouts.idleTimeout: 180s',
    address: 'forwardedHeaders.insecure: false',
  },
  envoy: {
    held: 'no buffer filter on these routes',
    duration: 'route: timeout: 0s',
    broken: 'route: timeout: 0s',
    idle: 'stream_idle_timeout: 60s',
    address: 'use_remote_address: true',
    repeated: 'retry_on: connect-failure',
    compression: 'compressor filter: content_type without text/event-stream',
    compressed: 'compressor filter: content_type without text/event-stream',
  },
  istio: {
    duration: 'VirtualService: timeout: 0s',
    broken: 'VirtualService: timeout: 0s',
    idle: 'stream_idle_timeout: 60s, by an EnvoyFilter',
    address: 'meshConfig: gatewayTopology: numTrustedProxies: 0',
    repeated: 'VirtualService: retries: retryOn: connect-failure',
  },
  varnish: {
    held: 'sub vcl_backend_response { set beresp.do_stream = true; }',
    cached: 'sub vcl_recv { return (pass); } for all but /assets/',
    idle: '.between_bytes_timeout = 60s in the backend',
    leaving: 'none: Varnish notices at a later keepalive',
    compression: 'set beresp.do_gzip = false;',
    compressed: 'set beresp.do_gzip = false;',
  },
  squid: {
    host: 'no defaultsite where names differ: http_port … accel vhost',
    header: 'cache_peer … login=PASS',
    cached: 'cache deny all',
    idle: 'read_timeout 2 minutes',
  },
  lighttpd: {
    held: 'server.stream-response-body = 2',
    clumped: 'server.stream-response-body = 2',
    blocks: 'server.stream-response-body = 2',
    'url-limit': 'server.max-request-field-size = 16384',
  },
  h2o: {
    host: 'proxy.preserve-host: ON',
    idle: 'proxy.timeout.io: 60000',
    'clean-end': 'none: h2o ends every cut cleanly, and clients go by the last frame',
  },
  nghttpx: {
    address: 'strip-incoming-x-forwarded-for=yes, add-x-forwarded-for=yes',
    idle: 'backend-read-timeout=1m',
  },
  alb: {
    idle: 'idle_timeout.timeout_seconds = 60 or more',
    duration: 'deregistration_delay.timeout_seconds above the age of streams',
    'server-down': 'the health check of the target group: GET /ready',
  },
  cloudfront: {
    held: 'behavior: compress off, CachingDisabled',
    cached: 'cache policy CachingDisabled',
    header: 'origin request policy AllViewer',
    host: 'origin request policy AllViewer',
    query: 'origin request policy AllViewer',
    compression: 'behavior: compress off',
    compressed: 'behavior: compress off',
    idle: 'origin response timeout 60 seconds',
    'no-answer': 'allowed methods: GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE',
  },
  'api-gateway': {
    held: 'a REST API with responseTransferMode: STREAM; an HTTP API holds every answer',
    header: 'pass the header on in the mapping of the integration',
    idle: 'none: 30 s at the edge, 5 min in a region',
    duration: 'maxAgeMs below 15 minutes',
  },
  cloudflare: {
    cached: 'no rule "Cache Everything" for these paths',
    held: 'no Rocket Loader, Polish or worker that reads the body',
    idle: 'none: 100 s to the next byte, and Heddle sends one every 15 s',
  },
  vercel: {
    duration: 'maxAgeMs: 240_000, below maxDuration of the function',
    broken: 'maxAgeMs: 240_000, below maxDuration of the function',
  },
  fly: {
    many: 'concurrency: type = "connections", hard_limit above the number of readers',
    idle: 'none: 60 s, and Heddle sends a byte every 15 s',
  },
  render: { duration: 'maxAgeMs below 100 minutes' },
  heroku: {
    idle: 'none: 55 s, and Heddle sends a byte every 15 s',
    'server-down': 'keepAliveTimeoutMs: 95_000, above the 90 s of the router',
  },
};

/** The lines that do not depend on what stands in front. */
const ownLines: Lines = {
  'trust-proxy': 'heddle serve --trust-proxy, with the number of reverse proxies in front',
  prefix: 'heddle serve --base-path only where the proxy keeps the path',
  token: 'HEDDLE_TOKEN=… heddle doctor …',
};

/** The fronts whose lines are printed where nothing names itself. */
const likely: readonly FrontName[] = ['nginx', 'haproxy', 'caddy', 'apache'];

/** Returns the lines to change for a fault, each with the name of its front. */
export function toLinesToChange(fault: FaultName, front: FrontName | undefined): readonly string[] {
  const own = ownLines[fault];
  const fronts = front === undefined ? likely : [front];
  const found = fronts.flatMap((each) => {
    const line = lines[each][fault];
    return line === undefined ? [] : [`${frontNames[each]}:  ${line}`];
  });
  return own !== undefined && (front === undefined || found.length === 0) ? [own] : found;
}
