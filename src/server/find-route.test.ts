import { expect, test } from 'vitest';
import { createFinder } from './find-route.ts';
import type { Route } from './routes.ts';

function route(method: Route['method'], path: string, open = false): Route {
  return { method, path, acts: false, ...(open && { open }), handle: () => Promise.reject(new Error(path)) };
}

const find = createFinder([
  route('GET', '/stream'),
  route('GET', '/stream/:session'),
  route('GET', '/ai/:thread/:run/stream'),
  route('POST', '/ai/:thread/stop'),
  route('POST', '/ai/:thread/:run'),
  route('POST', '/a2a/message:send'),
  route('POST', '/a2a/:task'),
  route('GET', '/health', true),
]);

test.each([
  ['GET', '/stream', '/stream', {}],
  ['GET', '/stream/s', '/stream/:session', { session: 's' }],
  ['GET', '/ai/%2F/r/stream', '/ai/:thread/:run/stream', { thread: '%2F', run: 'r' }],
  ['POST', '/ai/t/stop', '/ai/:thread/stop', { thread: 't' }],
  ['POST', '/ai/t/go', '/ai/:thread/:run', { thread: 't', run: 'go' }],
  ['POST', '/a2a/message:send', '/a2a/message:send', {}],
  ['POST', '/a2a/message:other', '/a2a/:task', { task: 'message:other' }],
  ['HEAD', '/health', '/health', {}],
])('%s %s is the route %s', (method, path, found, params) => {
  const match = find(method, path);
  expect(match.route?.path).toBe(found);
  expect(match.params).toEqual(params);
});

test.each(['/', '', '/:session', '/ai', '/ai/t', '/ai/t/r/stream/more', '/other/s', '/stream/s/t'])(
  'no route has the path %s',
  (path) => {
    expect(find('GET', path)).toEqual({});
  },
);

test('a path with other methods names them', () => {
  expect(find('DELETE', '/stream/s')).toEqual({ params: { session: 's' }, allow: 'GET' });
  expect(find('HEAD', '/stream')).toEqual({ params: {}, allow: 'GET' });
});
