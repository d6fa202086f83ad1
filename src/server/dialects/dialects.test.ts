// Routes of dialects, with a dialect that was made for tests.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { typed } from '../../dialects/index.ts';
import type { DialectRoute } from '../../dialects/index.ts';
import type { Turn } from '../../protocol/index.ts';
import { ask, createTestServer, readFrames } from '../server.fixture.ts';
import type { Server, ServerOptions } from '../index.ts';
import { reserved } from './check-dialects.ts';
import { createTestDialect } from './dialect.fixture.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

const asked: string[] = [];
afterEach(() => void asked.splice(0));

async function* answer({ input, signal, turn }: Turn) {
  const text = typeof input.content === 'string' ? input.content : '';
  asked.push(text);
  if (text === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
  else if (text === 'retract') {
    yield { type: 'content_start', part: 'p' } as const;
    yield { type: 'content', part: 'p', data: 'wrong' } as const;
    yield { type: 'discard', parts: ['p'] } as const;
    yield 'right';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } else if (text === 'ask' && input.type === 'message')
    for (const name of ['one', 'two'])
      yield { type: 'approval_request', approval: `${name}-${turn}`, reason: name } as const;
  else if (input.type === 'answers')
    yield `decided ${JSON.stringify(input.answers.map((each) => each.decision))}`;
  else yield* ['you said ', text];
}

function serve(options: Partial<ServerOptions> = {}): Server {
  const server = createTestServer(answer, {
    dialects: [createTestDialect()],
    authenticate: (request) => request.header('x-owner') ?? 'ada',
    ...options,
  });
  servers.push(server);
  return server;
}

function post(server: Server, body: unknown, owner = 'ada', path = '/test'): Promise<Response> {
  return ask(server, 'POST', path, { json: body, headers: { 'x-owner': owner } });
}

async function read(response: Response): Promise<readonly string[]> {
  return (await readFrames(response)).flatMap(({ data }) => (data === undefined ? [] : [data]));
}

const hello: DialectRoute = {
  method: 'GET',
  path: '/hello',
  acts: false,
  decode: () => ({ type: 'reply', reply: { body: 'hello' } }),
};

const whole = [
  '<message>',
  '<message_start>',
  '<content_start>',
  'you said ',
  'a',
  '<content_end>',
  '<message_end>',
];

describe('sending', () => {
  test('streams the exchange, from its message to its end', async () => {
    const response = await post(serve(), { thread: 't', text: 'a' });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('heddle-session')).toMatch(/^[\w-]{22}$/);
    expect(response.headers.get('x-test-turn')).toMatch(/^[\w-]{16}$/);
    expect(await read(response)).toEqual(whole);
  });

  test('shows the whole answer when it has ended', async () => {
    const response = await post(serve(), { thread: 't', text: 'a', show: 'whole' });
    expect(await response.json()).toMatchObject({ thread: 't', said: ['a', 'you said a'] });
  });

  test('sends into one session under one name, whatever the way', async () => {
    const server = serve();
    const first = await post(server, { thread: 'a b', text: 'a', show: 'whole' });
    const second = await post(server, { text: 'b', show: 'whole' }, 'ada', '/test/a%20b');
    expect(second.headers.get('heddle-session')).toBe(first.headers.get('heddle-session'));
    expect(await second.json()).toMatchObject({ said: ['a', 'you said a', 'b', 'you said b'] });
  });

  test("gives two owners of one name two sessions, and takes another owner's id for a name", async () => {
    const server = serve();
    const ada = await post(server, { thread: 't', text: 'a', show: 'whole' });
    const eve = await post(server, { thread: 't', text: 'b', show: 'whole' }, 'eve');
    expect(await eve.json()).toMatchObject({ said: ['b', 'you said b'] });
    const session = ada.headers.get('heddle-session');
    const stranger = await post(server, { thread: session, text: 'c', show: 'whole' }, 'eve');
    expect(await stranger.json()).toMatchObject({ said: ['c', 'you said c'] });
    const owner = await post(server, { thread: session, text: 'd', show: 'whole' });
    expect(await owner.json()).toMatchObject({ said: ['a', 'you said a', 'd', 'you said d'] });
  });

  test('a repeated key finds the first exchange, and the agent is asked once', async () => {
    const server = serve();
    const message = { thread: 't', text: 'a', key: 'ключ 1' };
    const [one, other] = [await post(server, message), await post(server, message)];
    expect([await read(one), await read(other)]).toEqual([whole, whole]);
    expect(asked).toEqual(['a']);
    const changed = await post(server, { ...message, text: 'b' });
    expect(changed.status).toBe(422);
    // Later in the session, where the message is not the first of its append.
    await read(await post(server, { thread: 't', text: 'b', key: '2' }));
    expect(await read(await post(server, { thread: 't', text: 'b', key: '2' }))).toHaveLength(whole.length);
    expect(asked).toEqual(['a', 'b']);
  });

  test('two first messages at once both arrive in the one session', async () => {
    const server = serve();
    const both = ['a', 'b'].map((text) => post(server, { thread: 't', text, show: 'whole' }));
    const sessions = (await Promise.all(both)).map(({ headers }) => headers.get('heddle-session'));
    expect(new Set(sessions).size).toBe(1);
    expect(asked.toSorted()).toEqual(['a', 'b']);
  });

  test('replaces a message by the name that its sender gave it', async () => {
    const server = serve();
    await read(await post(server, { thread: 't', text: 'a', ref: 'mine' }));
    const edited = await post(server, { thread: 't', text: 'b', replaces: 'mine', show: 'whole' });
    expect(await edited.json()).toMatchObject({ said: ['b', 'you said b'] });
    const unknown = await post(server, { thread: 't', text: 'c', replaces: 'nothing' });
    expect([unknown.status, await unknown.text()]).toEqual([
      400,
      'malformed: There is no message of that name to replace in this conversation.',
    ]);
  });

  test('replaces the message of its own ref if there is one, also when the request is repeated', async () => {
    const server = serve();
    const own = { thread: 't', ref: 'mine', replaces: 'mine', show: 'whole' };
    const first = await post(server, { ...own, text: 'a', key: '1' });
    expect(await first.json()).toMatchObject({ said: ['a', 'you said a'] });
    const second = await post(server, { ...own, text: 'b', key: '2' });
    expect(await second.json()).toMatchObject({ said: ['b', 'you said b'] });
    expect((await post(server, { ...own, text: 'b', key: '2' })).status).toBe(200);
    const other = await post(server, { ...own, ref: 'other', replaces: 'other', text: 'c' });
    expect(await other.json()).toMatchObject({ said: ['b', 'you said b', 'c', 'you said c'] });
  });

  test('stops the answer that its sender has seen, whether named by its message or by its ref', async () => {
    const server = serve();
    await post(server, { thread: 't', text: 'hang', ref: 'mine' });
    await expect.poll(() => asked).toEqual(['hang']);
    const next = await post(server, { thread: 't', text: 'a', seen: 'mine', show: 'whole' });
    expect(await next.json()).toMatchObject({ said: ['hang', '', 'a', 'you said a'] });
  });

  test('a message that was to replace itself is sent if it had not arrived', async () => {
    const server = serve();
    await read(await post(server, { thread: 't', text: 'a' }));
    const again = { thread: 't', text: 'b', ref: 'lost', replaces: 'lost', show: 'whole' };
    for (const _ of ['it was lost', 'it replaces itself'])
      expect(await (await post(server, again)).json()).toMatchObject({
        said: ['a', 'you said a', 'b', 'you said b'],
      });
  });

  test('a deleted conversation says so', async () => {
    const server = serve();
    const response = await post(server, { thread: 't', text: 'a', show: 'whole' });
    await ask(server, 'DELETE', `/session/${response.headers.get('heddle-session')}`);
    const later = await post(server, { thread: 't', text: 'b' });
    expect([later.status, await later.text()]).toEqual([
      409,
      'too_late: This conversation was deleted. Begin a new one under another name.',
    ]);
  });
});

describe('reading', () => {
  test('resumes an open exchange after an id, and after a count', async () => {
    const server = serve();
    const sent = await post(server, { thread: 't', text: 'hang' });
    const open = await readFrames(sent, ({ data }) => data === '<message_start>');
    const stream = (init: RequestInit, query = '') => ask(server, 'GET', `/test/t/stream${query}`, init);
    const after = await stream({ headers: { 'last-event-id': open.at(-1)?.id ?? '' } });
    const skipped = await stream({}, '?skip=1');
    const fresh = await stream({}, '?fresh');
    await post(server, { thread: 't', cancel: true });
    const rest = ['<cancel_request>', '<message_end>'];
    expect(await read(after)).toEqual(rest);
    expect(await read(skipped)).toEqual(['<message_start>', ...rest]);
    expect(await read(fresh)).toEqual(['<message>', '<message_start>', ...rest]);
    expect((await stream({})).status).toBe(204);
  });

  test('answers `none` where there is no session, and where nothing is open', async () => {
    const server = serve();
    expect((await ask(server, 'GET', '/test/nobody/stream')).status).toBe(204);
    expect((await post(server, { thread: 'nobody', cancel: true })).status).toBe(204);
    await read(await post(server, { thread: 't', text: 'a' }));
    expect((await ask(server, 'GET', '/test/t/stream')).status).toBe(204);
    expect((await post(server, { thread: 't', cancel: true })).status).toBe(204);
  });

  test('reads an answer that has just ended, and none that ended before', async () => {
    const server = serve();
    await read(await post(server, { thread: 't', text: 'a' }));
    const resume = () => ask(server, 'GET', '/test/t/stream?recent');
    expect(await read(await resume())).toEqual(whole);
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ['Date'] });
    try {
      expect((await resume()).status).toBe(204);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a fresh stream leaves out what was discarded, by turn and part', async () => {
    const server = serve();
    await readFrames(await post(server, { thread: 't', text: 'retract' }), ({ data }) => data === 'right');
    const fresh = await ask(server, 'GET', '/test/t/stream?fresh');
    await post(server, { thread: 't', cancel: true });
    expect((await read(fresh)).filter((data) => /^[a-z]/.test(data))).toEqual(['right']);
  });

  test.each(['nonsense', '1-aaaaaa.other', '0-x'])('refuses the id %s', async (id) => {
    const server = serve();
    await readFrames(await post(server, { thread: 't', text: 'hang' }), () => true);
    const response = await ask(server, 'GET', '/test/t/stream', { headers: { 'last-event-id': id } });
    expect(response.status).toBe(400);
  });

  test.each(['-1', '1.5', 'x', '1e9'])('refuses to skip %s frames', async (skip) => {
    const server = serve();
    await readFrames(await post(server, { thread: 't', text: 'hang' }), () => true);
    expect((await ask(server, 'GET', `/test/t/stream?skip=${skip}`)).status).toBe(400);
  });
});

describe('approvals', () => {
  async function waitForQuestions(server: Server): Promise<readonly string[]> {
    const response = await post(server, { thread: 't', text: 'ask', show: 'whole' });
    const state = await ask(server, 'GET', `/session/${response.headers.get('heddle-session')}`);
    const { approvals } = Object(await state.json()) as { approvals: { approval: string }[] };
    return approvals.map(({ approval }) => approval);
  }

  test('all are answered in one request, which streams the turn that goes on', async () => {
    const server = serve();
    const [one = '', two = ''] = await waitForQuestions(server);
    const part = await post(server, { thread: 't', decisions: { [one]: true } });
    expect([part.status, await part.text()]).toEqual([
      400,
      `malformed: All open approvals must be answered in one request; these are not: ${two}.`,
    ]);
    const decisions = { [one]: true, [two]: false };
    const frames = await read(await post(server, { thread: 't', decisions }));
    expect(frames).toEqual([
      '<approval_answer>',
      '<approval_answer>',
      '<message_start>',
      '<content_start>',
      'decided [true,false]',
      '<content_end>',
      '<message_end>',
    ]);
    // The same answers again are the same exchange. Others are refused.
    expect(await read(await post(server, { thread: 't', decisions }))).toEqual(frames);
    const other = await post(server, { thread: 't', decisions: { [one]: false, [two]: false } });
    expect([other.status, await other.text()]).toEqual([
      422,
      'key_reused: This was answered already, in another way.',
    ]);
    expect((await post(server, { thread: 't', decisions: { nothing: true } })).status).toBe(409);
  });

  test('one that is answered often in one request is answered once, and in two ways not at all', async () => {
    const server = serve();
    const [one = '', two = ''] = await waitForQuestions(server);
    const often = Array.from({ length: 10_000 }, () => [one, true]);
    const torn = await post(server, { thread: 't', decisions: [...often, [two, true], [two, false]] });
    expect(await torn.text()).toBe('malformed: One approval is answered in two ways.');
    const frames = await read(await post(server, { thread: 't', decisions: [...often, [two, false]] }));
    expect(frames).toContain('decided [true,false]');
    expect(frames.filter((frame) => frame === '<approval_answer>')).toHaveLength(2);
  });

  test('a message in place of an answer closes them', async () => {
    const server = serve();
    const [one = '', two = ''] = await waitForQuestions(server);
    await read(await post(server, { thread: 't', text: 'a' }));
    const late = await post(server, { thread: 't', decisions: { [one]: true, [two]: true } });
    expect(late.status).toBe(409);
  });
});

describe('refusals', () => {
  test("are in the dialect's words, those of the guard too, and keep status and code", async () => {
    const records: unknown[] = [];
    const server = serve({
      onAnswer: ({ status, code, session }) => records.push({ status, code, session }),
    });
    const bad = await post(server, { thread: 't', bad: true });
    expect([bad.status, await bad.text()]).toEqual([400, 'malformed: That is bad.']);
    const foreign = await ask(server, 'POST', '/test', {
      json: {},
      headers: { origin: 'https://evil.example' },
    });
    expect([foreign.status, (await foreign.text()).slice(0, 16)]).toEqual([403, 'forbidden_origin']);
    const broken = await post(server, { thread: 't', broken: true });
    expect([broken.status, await broken.text()]).toEqual([500, 'internal: Something went wrong here.']);
    expect(records).toEqual([
      { status: 400, code: 'malformed' },
      { status: 403, code: 'forbidden_origin' },
      { status: 500, code: 'internal' },
    ]);
  });

  test('of a method that a path does not have are in the words of the path', async () => {
    const response = await ask(serve(), 'DELETE', '/test/t/stream');
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([
      405,
      'GET',
      'method_not_allowed: That method is not allowed here.',
    ]);
  });

  test.each(['', 'x'.repeat(201)])('a name of %# characters that does not fit is refused', async (thread) => {
    const response = await post(serve(), { thread, text: 'a' });
    expect([response.status, await response.text()]).toEqual([
      400,
      `malformed: The name of a conversation has 1 to 200 characters, and this one has ${thread.length}.`,
    ]);
  });

  test('only the types of the route are read', async () => {
    const server = serve();
    const send = (path: string, type: string) =>
      ask(server, 'POST', path, { body: '{"thread":"t","text":"a"}', headers: { 'content-type': type } });
    expect((await send('/test', 'text/plain;charset=UTF-8')).status).toBe(200);
    expect((await send('/test/t', 'text/plain')).status).toBe(415);
    expect((await send('/test', 'application/x-www-form-urlencoded')).status).toBe(415);
  });

  test('a body may be long, up to the limit', async () => {
    const server = serve({ maxDialectBody: 2_000_000 });
    expect((await post(server, { thread: 't', text: 'a', more: 'x'.repeat(1_500_000) })).status).toBe(200);
    expect((await post(server, { thread: 't', text: 'a', more: 'x'.repeat(2_000_000) })).status).toBe(413);
  });

  test('the name of a thread must be percent-encoded UTF-8, and no half of a character', async () => {
    const server = serve();
    expect((await post(server, { text: 'a' }, 'ada', '/test/%ff')).status).toBe(400);
    expect((await post(server, { thread: 'half \ud83d', text: 'a' })).status).toBe(400);
    expect(asked).toEqual([]);
  });
});

test('quotas count what a dialect sends', async () => {
  const spent: string[] = [];
  const limiter = {
    consume: async (name: string | number) => {
      spent.push(String(name));
      return {};
    },
  };
  const rates = (['sessions', 'messages'] as const).map((of) => ({ of, per: 'owner', limiter }) as const);
  const server = serve({ quotas: { rates } });
  await read(await post(server, { thread: 't', text: 'a' }));
  await read(await post(server, { thread: 't', text: 'b' }));
  expect(spent).toHaveLength(3);
});

test('an open route answers without auth', async () => {
  const server = serve({ authenticate: () => undefined });
  expect(await (await ask(server, 'GET', '/test-open')).json()).toEqual({ hello: true });
  expect((await post(server, { thread: 't', text: 'a' })).status).toBe(401);
});

test('pages of allowed origins may send and read the headers of the dialects', async () => {
  const server = serve({ origins: ['https://app.example'] });
  const response = await ask(server, 'GET', '/health', { headers: { origin: 'https://app.example' } });
  expect(response.headers.get('access-control-allow-headers')).toContain('x-test');
  expect(response.headers.get('access-control-expose-headers')).toContain('x-test-turn');
});

describe('createServer', () => {
  test.each([
    [[createTestDialect(), createTestDialect()], /"test" is given twice/],
    [[createTestDialect('typed')], /"typed" is given twice/],
    [[createTestDialect('Test')], /lower-case/],
    [[createTestDialect('session')], /"\/session" of "session" is a path of Heddle's own/],
    [
      [{ ...createTestDialect(), routes: [{ ...hello, path: '/привет' }] }],
      /must be written as clients send it/,
    ],
    [
      [createTestDialect(), { ...createTestDialect(), name: 'other' }],
      /"test" and "other" have the same route/,
    ],
  ])('refuses dialects that do not fit (%#)', (dialects, message) => {
    expect(() => serve({ dialects })).toThrow(message);
  });

  test('knows the first segments of its own routes', () => {
    const own = serve({ dialects: [] }).routes.map(({ path }) => path.split('/')[1]);
    expect([...reserved].toSorted()).toEqual([...new Set(own)].toSorted());
  });

  test('serves a dialect without routes by its name', async () => {
    const server = serve({ dialects: [{ ...typed, name: 'mine' }] });
    const response = await ask(server, 'GET', '/stream?prompt=a&dialect=mine');
    expect((await readFrames(response)).length).toBeGreaterThan(3);
  });
});
