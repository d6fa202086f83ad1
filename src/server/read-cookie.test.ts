import { expect, test } from 'vitest';
import { ask, createTestServer, field } from './server.fixture.ts';
import { readCookie } from './internal.ts';

test.each([
  ['sid=ada', 'ada'],
  ['a=b; sid=ada; c=d', 'ada'],
  ['sid=a=b==', 'a=b=='],
  // All characters that RFC 6265 allows in a value.
  ["sid=!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~", "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~"],
  // The quotes are part of the value.
  ['sid="ada"', '"ada"'],
  // Other cookies that do not conform are skipped.
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
  // One of two cookies was planted, and nothing shows which.
  ['sid=ada; sid=eve'],
  ['sid=ada; sid=ada'],
  ['sid=ada; sid='],
  ['sid=ada; sid=e v e'],
  // Spaces are part of neither names nor values. A browser checks the prefix `__Host-` at the very start of a
  // name.
  ['sid =ada'],
  ['sid= ada'],
  ['sid=a da'],
  ['sid=ada '],
  ['a=b;  sid=ada'],
  ['a=b; \tsid=ada'],
  ['a=b; \u00a0sid=ada'],
  ['a=b; \ufeffsid=ada'],
  // Pairs are separated by a semicolon and one space.
  ['a=b;sid=ada'],
  ['a=b, sid=ada'],
  ['sid=ada;sid=eve'],
  ['sid=ada,sid=eve'],
  // Quotes enclose a whole value or none of it.
  ['sid="ada'],
  ['sid=ada"'],
  ['sid=a"d"a'],
  ['sid="'],
  ['sid="a; sid=ada"'],
  ['sid=a\\da'],
  ['sid=a\u0000da'],
  ['sid=a\r\nda'],
  ['sid=a\u007fda'],
  ['sid=ad\u00e4'],
])('%j has no cookie of that name', (header) => {
  expect(readCookie(header, 'sid')).toBeUndefined();
});

test('the names of object members are names like others', () => {
  expect(readCookie('__proto__=x; sid=ada', '__proto__')).toBe('x');
  for (const name of ['__proto__', 'constructor', 'toString'])
    expect(readCookie('sid=ada', name)).toBeUndefined();
});

test('a very long header is read in linear time', () => {
  const long = 'x'.repeat(1_000_000);
  const start = performance.now();
  expect(readCookie(`sid=${long}`, 'sid')).toBe(long);
  expect(readCookie(`sid="${long}`, 'sid')).toBeUndefined();
  expect(readCookie(`sid=${'"'.repeat(1_000_000)}`, 'sid')).toBeUndefined();
  expect(readCookie(`${'a=b; '.repeat(200_000)}sid=ada`, 'sid')).toBe('ada');
  expect(readCookie('; '.repeat(500_000), 'sid')).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(2_000);
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
  for (const header of [`${cookie}; ${cookie}`, `${cookie}; ${name}=x`, `a=b;${cookie}`, `${cookie} x`])
    expect(await resume(header), header).toBe(401);
  await server.close(0);
});
