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
  expect(find('DELETE', '/stream/s')).toMatchObject({
    near: { method: 'GET' },
    params: { session: 's' },
    allow: 'GET',
  });
  expect(find('HEAD', '/stream')).toMatchObject({ params: {}, allow: 'GET' });
});

test('a path hides another one of the same form only for its own methods', () => {
  const both = createFinder([
    route('GET', '/x/:thread'),
    route('POST', '/x/:chat'),
    route('GET', '/x/stop'),
    route('GET', '/x/:thread/stop'),
  ]);
  expect(both('POST', '/x/1')).toMatchObject({ route: { path: '/x/:chat' }, params: { chat: '1' } });
  expect(both('POST', '/x/stop')).toMatchObject({ route: { path: '/x/:chat' }, params: { chat: 'stop' } });
  expect(both('DELETE', '/x/stop').allow).toBe('GET, POST');
});
