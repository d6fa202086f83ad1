import { expect, test } from 'vitest';
import { createRpc } from './create-rpc.ts';
import type { RpcRequest } from './create-rpc.ts';

function setUp() {
  const written: unknown[] = [];
  const requests: RpcRequest[] = [];
  const notified: unknown[] = [];
  const rpc = createRpc({
    write: (message) => written.push(message),
    onRequest: (request) => requests.push(request),
    onNotification: (method, params) => notified.push([method, params]),
  });
  const hear = (message: object) => rpc.hear(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return { rpc, hear, written, requests, notified };
}

test('requests get their results in any order', async () => {
  const { rpc, hear, written } = setUp();
  const [first, second] = [rpc.request('a', {}), rpc.request('b', { n: 1 })];
  expect(written).toEqual([
    { jsonrpc: '2.0', id: 1, method: 'a', params: {} },
    { jsonrpc: '2.0', id: 2, method: 'b', params: { n: 1 } },
  ]);
  hear({ id: 2, result: 'two' });
  hear({ id: 1, result: null });
  hear({ id: 1, result: 'late' });
  hear({ id: 'unknown', result: 'x' });
  expect([await first, await second]).toEqual([null, 'two']);
});

test('an error has its code, and a code of HTTP is a status', async () => {
  const { rpc, hear } = setUp();
  const [odd, busy] = [rpc.request('a', {}), rpc.request('b', {})];
  hear({ id: 1, error: { code: -32_603, message: 'Internal error', data: { details: 'x' } } });
  hear({ id: 2, error: { code: 429, message: 'Slow down' } });
  await expect(odd).rejects.toMatchObject({
    message: 'The agent answered a with error -32603: Internal error',
    code: -32_603,
    data: { details: 'x' },
  });
  await expect(busy).rejects.toMatchObject({ status: 429 });
});

test('requests of the other side are answered under their ids', () => {
  const { hear, written, requests, notified } = setUp();
  hear({ id: 'x', method: 'ask', params: { n: 1 } });
  hear({ id: 0, method: 'other' });
  hear({ method: 'note', params: { n: 2 } });
  requests[1]?.refuse(-32_601, 'Method not found');
  requests[0]?.reply({ ok: true });
  expect(requests[0]?.params).toEqual({ n: 1 });
  expect(notified).toEqual([['note', { n: 2 }]]);
  expect(written).toEqual([
    { jsonrpc: '2.0', id: 0, error: { code: -32_601, message: 'Method not found' } },
    { jsonrpc: '2.0', id: 'x', result: { ok: true } },
  ]);
});

test.each(['Loading …', '{', '{}', '[]', '7', '{"jsonrpc":"1.0","id":1}'])('%s is no message', (line) => {
  expect(setUp().rpc.hear(line)).toBe(false);
});

test('after a loss all requests fail', async () => {
  const { rpc } = setUp();
  const open = rpc.request('a', {});
  rpc.lose(new Error('gone'));
  await expect(open).rejects.toThrow('gone');
  await expect(rpc.request('b', {})).rejects.toThrow('gone');
});
