/** The proxies that may stand in front of a server, and how each name is written. */
export const frontNames = {
  nginx: 'nginx',
  'ingress-nginx': 'ingress-nginx',
  haproxy: 'HAProxy',
  caddy: 'Caddy',
  apache: 'Apache',
  traefik: 'Traefik',
  envoy: 'Envoy',
  istio: 'Istio',
  varnish: 'Varnish',
  squid: 'Squid',
  lighttpd: 'lighttpd',
  h2o: 'h2o',
  nghttpx: 'nghttpx',
  alb: 'an AWS load balancer',
  cloudfront: 'CloudFront',
  'api-gateway': 'Amazon API Gateway',
  cloudflare: 'Cloudflare',
  vercel: 'Vercel',
  fly: 'Fly',
  render: 'Render',
  heroku: 'Heroku',
} as const;

/** The name of something that stands in front, as `--proxy` takes it. */
export type FrontName = keyof typeof frontNames;

/** Returns a name if it is one of a front. */
export function toFrontName(name: unknown): FrontName | undefined {
  return Object.keys(frontNames).find((each): each is FrontName => each === name);
}

type Headers = Readonly<Record<string, string>>;

/** The marks of each, the outermost first: a CDN is in front of the nginx that it passes on. */
const marks: readonly (readonly [FrontName, (headers: Headers) => boolean])[] = [
  ['cloudflare', (headers) => 'cf-ray' in headers],
  ['cloudfront', (headers) => 'x-amz-cf-id' in headers],
  ['vercel', (headers) => 'x-vercel-id' in headers],
  ['fly', (headers) => 'fly-request-id' in headers],
  ['render', (headers) => 'rndr-id' in headers || 'x-render-origin-server' in headers],
  ['heroku', ({ via = '', server = '' }) => /vegur|heroku/i.test(`${via} ${server}`)],
  ['api-gateway', (headers) => 'apigw-requestid' in headers || 'x-amz-apigw-id' in headers],
  [
    'alb',
    (headers) => /awselb/i.test(headers['server'] ?? '') || /\bAWSALB/.test(headers['set-cookie'] ?? ''),
  ],
  ['istio', ({ server = '' }) => /istio/i.test(server)],
  [
    'envoy',
    (headers) =>
      /^envoy/i.test(headers['server'] ?? '') ||
      Object.keys(headers).some((name) => name.startsWith('x-envoy-')),
  ],
  ['varnish', (headers) => 'x-varnish' in headers || /varnish/i.test(headers['via'] ?? '')],
  ['squid', (headers) => /squid/i.test(`${headers['via']} ${headers['server']} ${headers['x-cache']}`)],
  ['nghttpx', ({ via = '', server = '' }) => /nghttpx/i.test(`${via} ${server}`)],
  ['caddy', ({ via = '', server = '' }) => /caddy/i.test(`${via} ${server}`)],
  ['nginx', ({ server = '' }) => /nginx|openresty|tengine/i.test(server)],
  ['apache', ({ server = '' }) => /apache/i.test(server)],
  ['lighttpd', ({ server = '' }) => /lighttpd/i.test(server)],
  ['h2o', ({ server = '' }) => /^h2o/i.test(server)],
];

/** The pages with which proxies answer by themselves. */
const pages: readonly (readonly [FrontName, RegExp])[] = [
  [
    'haproxy',
    /<h1>\d{3} [\w -]+<\/h1>\s*(Your browser sent an invalid request|No server is available|The server didn't respond)/i,
  ],
  ['nginx', /<center>(nginx|openresty)/i],
  ['apache', /<address>Apache|Apache Server at/i],
  ['varnish', /Varnish cache server/i],
  ['squid', /Generated .* by .*squid/i],
];

/** Finds what stands in front by the headers of a response, or by its page if it is an error. */
export function findFront(headers: Headers, page = ''): FrontName | undefined {
  return (
    marks.find(([, isMarked]) => isMarked(headers))?.[0] ??
    pages.find(([, pattern]) => pattern.test(page))?.[0]
  );
}
