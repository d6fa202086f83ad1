import { expect, test } from 'vitest';
import { ask, createTestServer, field } from './server.fixture.ts';
import { readCookie } from './internal.ts';

test.each([
  ['sid=ada', 'ada'],
  ['a=b; sid=ada; c=d', 'ada'],
  ['a=b;sid=ada', 'ada'],
  ['a=b; \t sid=ada', 'ada'],
  ['sid=a=b==', 'a=b=='],
  ['sid=j:{"id": "ada, e"}', 'j:{"id": "ada, e"}'],
  ['sid="ada"', '"ada"'],
  ['json={"a": 1, "b": 2}; novalue; =x; ; sid=ada', 'ada'],
  ['__proto__=x; constructor=y; sid=ada', 'ada'],
])('%j has the cookie', (header, value) => {
  expect(readCookie(header, 'sid')).toBe(value);
});

test.each([
  [undefined],
  [''],
  ['sid'],
  ['sid='],
  ['; '],
  ['=ada'],
  ['SID=ada'],
  ['xsid=ada'],
  ['a=sid=ada'],
  ['a=b, sid=ada'],
  // One of two cookies was planted, and nothing shows which.
  ['sid=ada; sid=eve'],
  ['sid=ada; sid=ada'],
  ['sid=ada; sid='],
  ['sid=ada;sid=eve'],
  ['sid="a; sid=ada"'],
  // A page may have planted a name that only looks like this one.
  ['sid =ada'],
  ['a=b; \u00a0sid=ada'],
  ['a=b; \ufeffsid=ada'],
])('%j has no cookie of that name', (header) => {
  expect(readCookie(header, 'sid')).toBeUndefined();
});

test('the names of object members are names like others', () => {
  expect(readCookie('__proto__=x; sid=ada', '__proto__')).toBe('x');
  for (const name of ['__proto__', 'constructor', 'toString'])
    expect(readCookie('sid=ada', name)).toBeUndefined();
});

test('a very long header is read', () => {
  const long = 'x'.repeat(1_000_000);
  expect(readCookie(`sid=${long}`, 'sid')).toBe(long);
  expect(readCookie(`${'a=b; '.repeat(200_000)}sid=ada`, 'sid')).toBe('ada');
  expect(readCookie('; '.repeat(500_000), 'sid')).toBeUndefined();
});

test('a stream is not resumed with two cookies of its ticket', async () => {
  const server = createTestServer(async function* () {});
  const session = await field(await ask(server, 'POST', '/session'), 'session_id');
  const url = (await field(await ask(server, 'POST', `/ticket/${session}`), 'url')).replace('..', '');
  const first = await ask(server, 'GET', url);
  await first.body?.cancel();
  const cookie = first.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const name = cookie.split('=', 1)[0] ?? '';
  const resume = async (header: string): Promise<number> => {
    const response = await ask(server, 'GET', url, { headers: { cookie: header } });
    await response.body?.cancel();
    return response.status;
  };
  expect(await resume(`a=b; ${cookie}`)).toBe(200);
  for (const header of [`${cookie}; ${cookie}`, `${cookie}; ${name}=x`, `${cookie} x`])
    expect(await resume(header), header).toBe(401);
  await server.close(0);
});
