import { expect, test } from 'vitest';
import { toReplyHeaders } from '../../../server/internal.ts';
import { judgeAge, judgeSilences } from '../long/long-checks.ts';
import { judgeAddress } from './address.ts';
import { judgeBody } from './body.ts';
import { judgeHeaders } from './headers.ts';
import { judgeHost } from './host.ts';
import { judgeCut } from './cut.ts';
import { judgeLeaving } from './leaving.ts';
import { judgeMany } from './many.ts';
import { judgeTicket } from './path.ts';
import { judgeReached } from './reached.ts';
import { judgeRepeats } from './repeats.ts';
import { judgeVersion } from './version.ts';

const url = new URL('https://chat.example.com');

test('a server is reached where /health is in the words of Heddle', () => {
  const line = { version: 'HTTP/2', tls: 'TLSv1.3', certificateUntil: Date.now() + 90 * 86_400_000 } as const;
  const answer = { status: 200, headers: {}, headersMs: 21, text: '{"status":"ok"}' };
  const found = judgeReached(answer, line);
  expect(found.state).toBe('ok');
  expect(found.says).toMatch(/^200 in 21 ms, TLS 1\.3, HTTP\/2, certificate until \d+ \w+ \d{4}$/);
  expect(judgeReached(answer, { ...line, certificateUntil: Date.now() + 86_400_000 }).state).toBe('warn');

  const faults = [
    { ...answer, text: '<!doctype html>' },
    { ...answer, text: 'ok' },
    { ...answer, status: 404 },
    { ...answer, status: 511, text: '<h1>Sign in</h1>' },
    { ...answer, status: 502, text: '<h1>Bad gateway</h1>' },
    { ...answer, status: 301, headers: { location: 'https://chat.example.com/' } },
  ].map((each) => judgeReached(each, line).fault);
  expect(faults).toEqual(['not-heddle', 'not-heddle', 'not-heddle', 'not-heddle', 'server-down', 'redirect']);
});

test('HTTP/1.1 is told, but not on this machine', () => {
  expect(judgeVersion({ version: 'HTTP/2', tls: 'TLSv1.3' }, 'localhost').state).toBe('ok');
  expect(judgeVersion({ version: 'HTTP/1.1', tls: 'TLSv1.3' }, 'localhost').state).toBe('warn');
  expect(judgeVersion({ version: 'HTTP/1.1' }, 'chat.example.com').state).toBe('warn');
  expect(judgeVersion({ version: 'HTTP/1.1' }, '[::1]').state).toBe('ok');
});

test('a changed Host is a fault where pages are refused for it', () => {
  const told = { host: 'changed', host_seen: '127.0.0.1:8000', origin: 'arrived' };
  const refused = { code: 'forbidden_origin', detail: '…' };
  expect(judgeHost({ ...told, refused }, url)).toMatchObject({
    state: 'bad',
    fault: 'host',
    says: 'Host arrives as 127.0.0.1:8000: every page is refused with forbidden_origin',
  });
  expect(judgeHost(told, url)).toMatchObject({ state: 'warn', fault: 'host' });
  expect(judgeHost({ host: 'arrived', origin: 'arrived' }, url).state).toBe('ok');
  expect(
    judgeHost({ host: 'arrived', origin: 'arrived', refused: { code: 'forbidden_host' } }, url).says,
  ).toContain('--allow-host chat.example.com');
  expect(judgeHost({ ...told, origin: 'lost', refused }, url).fault).toBe('origin');
});

test('headers that are lost or changed are named, in both directions', () => {
  const id = 'run.echo';
  const arrived = { 'last-event-id': 'arrived', authorization: 'arrived', cookie: 'arrived' };
  const reply: Readonly<Record<string, string>> = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-store',
    ...toReplyHeaders(id),
  };
  const judge = (headers: object, told: object = {}, back: object = {}, hasToken = false): string => {
    const all = { id, headers: { ...arrived, ...headers }, content_type: 'arrived', ...told };
    const echo = { type: 'told', told: all, headers: { ...reply, ...back } } as const;
    const { state, says } = judgeHeaders(echo, 'run', hasToken);
    return `${state}: ${says}`;
  };
  expect(judge({})).toBe('ok: Last-Event-ID, Authorization, Idempotency-Key and Cookie arrive');
  expect(judge({ authorization: 'lost', cookie: 'changed' })).toBe(
    'bad: Authorization does not arrive; Cookie arrives changed',
  );
  expect(judge({}, { content_type: 'lost' })).toBe('bad: Content-Type does not arrive');
  // A token stands in the place of the known value.
  expect(judge({ authorization: 'changed' }, {}, {}, true)).toMatch(/^ok/);
  expect(judge({ authorization: 'lost' }, {}, {}, true)).toMatch(/^bad/);
  expect(judge({}, {}, { 'set-cookie': '' })).toMatch(/^bad: Set-Cookie of responses/);
  expect(judge({}, {}, { 'cache-control': 'public' })).toMatch(/^warn: Cache-Control of responses/);
  expect(judge({}, {}, { 'set-cookie': `lb=1, ${reply['set-cookie']}; Secure` })).toMatch(/^ok/);
});

test('an address that a caller can choose is a fault', () => {
  expect(judgeAddress({ counted_by: 'forged', forged: 'alone' }).fault).toBe('address');
  expect(judgeAddress({ counted_by: 'forged', forged: 'added to' }).fault).toBe('trust-proxy');
  expect(judgeAddress({ counted_by: 'connection', forged: 'alone', passed_on: true }).state).toBe('warn');
  expect(judgeAddress({ counted_by: 'connection', forged: 'alone', passed_on: false }).state).toBe('ok');
  expect(judgeAddress({ counted_by: 'connection', forged: 'added to', passed_on: true }).says).toContain(
    '--trust-proxy 1',
  );
});

test('bodies and URLs that are refused are told, and a lost body is a fault', () => {
  const small = { status: 200, bytes: 2, sent: 2 };
  const large = { status: 200, bytes: 1_000_000, sent: 1_000_000 };
  expect(judgeBody({ small, large, url: 200 }).state).toBe('ok');
  expect(judgeBody({ small, large, url: 414 })).toMatchObject({ state: 'warn', fault: 'url-limit' });
  expect(judgeBody({ small, large: { status: 413, sent: 1_000_000 }, url: 200 })).toMatchObject({
    state: 'warn',
    fault: 'body-limit',
  });
  expect(judgeBody({ small: { ...small, bytes: 0 }, large, url: 200 }).fault).toBe('body-lost');
  expect(judgeBody({ small: { status: 200, sent: 2 }, large, url: 200 }).fault).toBe('no-answer');
  expect(judgeBody({ small: undefined, large: undefined, url: 200 }).says).toBe('a URL of 12 KiB arrives');
});

test('cuts, leaving, repeats, limits and tickets have their faults', () => {
  expect(judgeCut({ end: 'cut' }).state).toBe('ok');
  expect(judgeCut({ end: 'clean' })).toMatchObject({ state: 'warn', fault: 'clean-end' });
  expect(judgeLeaving(9, 5_000).says).toBe('a reader who leaves is noticed after 9 ms');
  expect(judgeLeaving(undefined, 5_000).says).toBe('a reader who leaves is not noticed within 5 s');
  const seen = { open: 0, gets: 2, posts: 1 };
  expect(judgeRepeats(seen, true).state).toBe('ok');
  expect(judgeRepeats(seen, false).fault).toBe('answer-lost');
  expect(judgeRepeats({ ...seen, gets: 1 }, true).fault).toBe('cached');
  expect(judgeRepeats({ ...seen, gets: 4 }, true).fault).toBe('repeated');
  expect(judgeRepeats({ ...seen, posts: 2 }, true).says).toBe('one POST reaches the server twice');
  expect(judgeMany(20).state).toBe('ok');
  expect(judgeMany(6).says).toBe('only 6 of 20 streams open at once');
  expect(judgeTicket({ status: 404, headers: {} }).fault).toBe('ticket');
  expect(judgeTicket({ status: 200, headers: {} }).says).toContain('cookie');
  expect(judgeTicket({ status: 200, headers: { 'set-cookie': 'heddle_a=b' } }).state).toBe('ok');
});

test('a silence that is cut is a fault only where keepalives come later', () => {
  const silences = [12_000, 25_000, 45_000, 70_000].map((silentMs) =>
    silentMs < 60_000 ? { silentMs } : { silentMs, endedMs: 60_010 },
  );
  expect(judgeSilences(silences, 15_000)).toMatchObject({
    state: 'ok',
    says: 'silence is borne for 45 s and cut at 60 s; keepalives come every 15 s: fine',
  });
  const short = [{ silentMs: 12_000, endedMs: 10_020 }];
  expect(judgeSilences(short, 15_000)).toMatchObject({ state: 'bad', fault: 'idle' });
  expect(judgeSilences(short, 15_000).says).toBe('silence is cut at 10 s, and keepalives come every 15 s');
  expect(judgeAge({ silentMs: 720_000 }).state).toBe('ok');
  expect(judgeAge({ silentMs: 720_000, endedMs: 300_000 })).toMatchObject({
    fault: 'duration',
    says: 'a stream with keepalives is cut after 300 s',
  });
});
