import { expect, test, vi } from 'vitest';
import { createClient } from '../client/index.ts';
import { openSource } from './session-source.ts';

const at = (source: Parameters<typeof openSource>[0]) => openSource(source, () => ({}));
const base = 'https://example.com/agents';

test.each([
  [`${base}/session/s1`, 's1'],
  [`${base}/session/s1/`, 's1'],
  ['/session/s1', 's1'],
  ['session/s1', undefined],
  [base, undefined],
  [`${base}/session`, undefined],
  [`${base}/session/`, undefined],
  [`${base}/session/not an id`, undefined],
  ['', undefined],
])('%j names the session %s', (source, id) => {
  expect(at(source).id()).toBe(id);
});

test('a session and its URL lead to the same session, the URL of a server does not', () => {
  const source = at(`${base}/session/s1`);
  expect(source.isAt(`${base}/session/s1`)).toBe(true);
  expect(source.isAt(createClient({ url: base }).session('s1'))).toBe(true);
  expect(source.isAt(`${base}/session/s2`)).toBe(false);
  expect(source.isAt('https://example.net/session/s1')).toBe(false);
  expect(source.isAt(base)).toBe(false);
  expect(at(base).isAt(base)).toBe(false);
});

test('requests go to the server that the URL names', async () => {
  const receipt = { session_id: 's9', message_id: 'm1', turn_id: 't1', id: '2-aaaaaa' };
  const fetch = vi.fn().mockResolvedValue(Response.json(receipt, { status: 201 }));
  const source = openSource(`${base}/`, () => ({ fetch }));
  expect(await source.begin('hi')).toEqual({ message: 'm1', turn: 't1', id: '2-aaaaaa' });
  expect(source.id()).toBe('s9');
  expect(fetch.mock.calls.map(([target]) => String(target).replace(/\?key=.*$/, ''))).toEqual([
    `${base}/session`,
  ]);
});
