import { expect, test, vi } from 'vitest';
import { repeatRefused } from './repeat-refused.ts';

const refused = new Error('Protocol error (browsingContext.navigate): unknown error NS_BINDING_ABORTED');

test('a refused navigation is repeated and counted', async () => {
  const navigate = vi.fn<(url: string) => Promise<string>>().mockRejectedValueOnce(refused);
  navigate.mockResolvedValue('shown');
  const onRefusal = vi.fn(async () => {});
  expect(await repeatRefused(navigate, onRefusal)('http://127.0.0.1/')).toBe('shown');
  expect(navigate.mock.calls).toEqual([['http://127.0.0.1/'], ['http://127.0.0.1/']]);
  expect(onRefusal).toHaveBeenCalledOnce();
});

test('a navigation that is refused each time fails, and any other error is thrown at once', async () => {
  for (const [error, calls] of [
    [refused, 3],
    [new Error('net::ERR_CONNECTION_REFUSED'), 1],
  ] as const) {
    const navigate = vi.fn(() => Promise.reject(error));
    await expect(repeatRefused(navigate, async () => {})()).rejects.toBe(error);
    expect(navigate).toHaveBeenCalledTimes(calls);
  }
});
