import { expect, test } from 'vitest';
import { findFront, frontNames } from './find-front.ts';
import { toLinesToChange } from './lines.ts';

test.each([
  ['nginx', { server: 'nginx/1.26.3' }],
  ['caddy', { server: 'Caddy', via: '1.1 Caddy' }],
  ['apache', { server: 'Apache/2.4.71 (Debian)' }],
  ['envoy', { 'x-envoy-upstream-service-time': '3' }],
  ['istio', { server: 'istio-envoy', 'x-envoy-upstream-service-time': '3' }],
  ['varnish', { via: '1.1 varnish (Varnish/7.1)', 'x-varnish': '32770' }],
  ['squid', { 'x-cache': 'MISS from host', via: '1.1 host (squid/5.7)' }],
  ['cloudfront', { via: '1.1 x.cloudfront.net (CloudFront)', 'x-amz-cf-id': 'abc', server: 'nginx' }],
  ['cloudflare', { 'cf-ray': '8a', server: 'cloudflare' }],
  ['heroku', { via: '1.1 vegur' }],
  ['fly', { 'fly-request-id': '01', server: 'Fly/1' }],
] as const)('%s names itself', (front, headers) => {
  expect(findFront({ ...headers })).toBe(front);
});

test('HAProxy is known by its pages', () => {
  const page =
    '<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>\n';
  expect(findFront({}, page)).toBe('haproxy');
  expect(findFront({})).toBeUndefined();
});

test('the lines of the design are there', () => {
  expect(toLinesToChange('host', 'nginx')).toEqual(['nginx:  proxy_set_header Host $http_host;']);
  expect(toLinesToChange('clumped', 'haproxy')).toEqual(['HAProxy:  option http-no-delay']);
  expect(toLinesToChange('leaving', 'haproxy')).toEqual(['HAProxy:  option abortonclose']);
  expect(toLinesToChange('host', 'apache')).toEqual(['Apache:  ProxyPreserveHost On']);
  expect(toLinesToChange('duration', 'envoy')).toEqual(['Envoy:  route: timeout: 0s']);
});

test('where nothing names itself, the lines of four are told', () => {
  expect(toLinesToChange('held', undefined).map((line) => line.split(':')[0])).toEqual([
    'nginx',
    'HAProxy',
    'Caddy',
    'Apache',
  ]);
  expect(toLinesToChange('trust-proxy', undefined)).toHaveLength(1);
});

test('each front has lines', () => {
  for (const front of Object.keys(frontNames) as (keyof typeof frontNames)[])
    expect(
      ['held', 'idle', 'host', 'duration'].some(
        (fault) => toLinesToChange(fault as 'held', front).length > 0,
      ),
    ).toBe(true);
});
