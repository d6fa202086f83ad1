import { describe, expect, test } from 'vitest';
import { toRefusal, toRetryAfterMs } from './refusal.ts';

const refuse = (status: number, body: string, headers?: Record<string, string>): Promise<unknown> =>
  toRefusal(new Response(body, { status, ...(headers && { headers }) }));

describe('a refusal', () => {
  test('speaks with the code and the words of the problem', async () => {
    const body = JSON.stringify({ code: 'not_found', title: 'There is no such thing here.', status: 404 });
    expect(await refuse(404, body)).toMatchObject({
      type: 'refused',
      status: 404,
      error: { code: 'not_found', message: 'There is no such thing here.', status: 404 },
    });
  });

  test.each(['<h1>Bad gateway</h1>', '', '[]', 'null', '{"code":5}'])(
    'is told by its status where the body is %j',
    async (body) => {
      expect(await refuse(502, body)).toMatchObject({ status: 502, error: { code: 'refused', status: 502 } });
    },
  );

  test('reads Retry-After in seconds and as a date', () => {
    const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
    expect(toRetryAfterMs('3', now)).toBe(3_000);
    expect(toRetryAfterMs('Wed, 21 Oct 2026 07:28:05 GMT', now)).toBe(5_000);
    expect(toRetryAfterMs('Wed, 21 Oct 2026 07:27:00 GMT', now)).toBe(0);
    expect(toRetryAfterMs('soon', now)).toBeUndefined();
    expect(toRetryAfterMs(null, now)).toBeUndefined();
  });
});
