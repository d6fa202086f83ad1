import { describe, expect, test } from 'vitest';
import { refusals } from '../protocol/index.ts';
import { finalCodes, toRefusal } from './refusal.ts';

const problemJson = { 'content-type': 'application/problem+json' };
const refuse = (status: number, body: string, headers?: Record<string, string>): Promise<unknown> =>
  toRefusal(new Response(body, { status, ...(headers && { headers }) }));

describe('a refusal', () => {
  test('has the code and the message of the problem JSON', async () => {
    const body = JSON.stringify({ code: 'not_found', title: 'There is no such thing here.', status: 404 });
    expect(await refuse(404, body)).toMatchObject({
      type: 'refused',
      status: 404,
      error: { code: 'not_found', message: 'There is no such thing here.', status: 404 },
    });
  });

  test.each(['<h1>Bad gateway</h1>', '', '[]', 'null', '{"code":5}'])(
    'has only its status if the body is %j',
    async (body) => {
      expect(await refuse(502, body)).toMatchObject({ status: 502, error: { code: 'refused', status: 502 } });
    },
  );

  test('names the status and the content type if there is no reason', async () => {
    expect(await refuse(404, '<h1>Gone</h1>', { 'content-type': 'text/html' })).toMatchObject({
      error: {
        message: 'The answer is status 404 with text/html, and no reason known here.',
      },
    });
    expect(await refuse(302, '', { location: 'https://portal.example/' })).toMatchObject({
      error: { message: 'The answer is a redirect to https://portal.example/, which is not followed.' },
    });
  });

  test("counts as Heddle's own only as problem JSON with a code that refuses for good", async () => {
    const body = JSON.stringify({ code: 'not_found', status: 404 });
    expect(await refuse(404, body, problemJson)).toMatchObject({ isOwn: true });
    expect(
      await refuse(404, body, { 'content-type': 'application/problem+json; charset=utf-8' }),
    ).toMatchObject({
      isOwn: true,
    });
    expect(await refuse(404, body, { 'content-type': 'application/json' })).toMatchObject({ isOwn: false });
    for (const other of ['{"code":"no_such_bucket"}', '{"title":"Not Found"}', '<h1>Not found</h1>', ''])
      expect(await refuse(404, other, problemJson)).toMatchObject({ isOwn: false });
  });

  test('knows every code of the contract with which a request is refused for good', () => {
    const codes = Object.entries(refusals).filter(([, { status }]) => status < 500);
    expect([...finalCodes].toSorted()).toEqual(codes.map(([code]) => code).toSorted());
  });
});
