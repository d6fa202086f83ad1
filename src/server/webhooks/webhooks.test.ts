import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { memoryStore } from '../../log/index.ts';
import type { Store } from '../../log/index.ts';
import type { Turn } from '../../protocol/index.ts';
import { ask } from '../server.fixture.ts';
import { createWebhookRig, toTold } from './webhooks.fixture.ts';
import type { WebhookRig, WebhookRigOptions } from './webhooks.fixture.ts';

const url = 'https://hooks.example.com/secret-path';

async function* answer({ input, signal, turn }: Turn) {
  const text = typeof input.content === 'string' ? input.content : '';
  if (text === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
  if (text === 'fail') throw new Error('broken');
  if (text === 'ask' && input.type === 'message')
    yield { type: 'approval_request', approval: `may-${turn}`, reason: 'sure?' } as const;
  yield 'hello';
}

function neverAnswer({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

function open(options: WebhookRigOptions = {}): WebhookRig {
  const rig = createWebhookRig({ answer, ...options });
  onTestFinished(() => rig.server.close(0));
  return rig;
}

async function findSession(rig: WebhookRig, thread: string): Promise<string> {
  const response = await ask(rig.server, 'GET', `/hooks/${thread}/webhooks`);
  return response.headers.get('heddle-session') ?? '';
}

async function findOutbox(store: Store, session: string): Promise<string> {
  const page = await store.log.read(session, undefined, 0);
  return (page.type === 'page' ? page.head.outbox?.session : undefined) ?? '';
}

/** Gives each of some sessions webhooks that are due at once, for 40 hosts. */
async function fillOutboxes(rig: WebhookRig, sessions: number, each: number): Promise<void> {
  for (let index = 0; index < sessions; index += 1)
    await rig.post(`t${index}`, { content: 'hi', webhook: { url } });
  await vi.waitFor(() =>
    expect(rig.server.counts()).toMatchObject({ noticesDelivered: sessions, sessions: 0 }),
  );
  for (let index = 0; index < sessions; index += 1) {
    const outbox = await findOutbox(rig.store, await findSession(rig, `t${index}`));
    const page = await rig.store.log.read(outbox, undefined, 0);
    if (page.type !== 'page' || page.head.post === undefined) throw new Error('There is no outbox.');
    const { head } = page;
    const [{ told: _, isOver: __, ...record }] = JSON.parse(page.head.post.text);
    const records = Array.from({ length: each }, (___, number) => ({
      ...record,
      key: `${index}-${number}`,
      seen: -1,
      webhook: { ...record.webhook, url: `https://h${number % 40}.example.com/` },
    }));
    const post = { ...page.head.post, text: JSON.stringify(records) };
    await rig.store.log.append(outbox, [], { head: { was: head.version, now: { ...head, post, dueAt: 0 } } });
  }
}

async function findApproval(rig: WebhookRig, thread: string): Promise<string> {
  const session = await findSession(rig, thread);
  const state: unknown = await (await ask(rig.server, 'GET', `/session/${session}`)).json();
  const [approval] = (state as { approvals: { approval: string }[] }).approvals;
  return approval?.approval ?? '';
}

const changesOf = (rig: WebhookRig): readonly string[] => toTold(rig.sent).map(({ change }) => change);
const told = (rig: WebhookRig, ...changes: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(changesOf(rig)).toEqual(changes));
/** Waits until nothing of the webhooks is under way. */
const quiet = (rig: WebhookRig): Promise<void> =>
  vi.waitFor(() => expect(rig.server.counts().sessions).toBe(0));

describe('a webhook is told', () => {
  test('when the answer to its message ends, with the credentials of its client', async () => {
    const rig = open();
    const webhook = { url, token: 'tok', authentication: { scheme: 'Bearer', credentials: 'cred' } };
    expect((await rig.post('t', { content: 'hi', webhook })).status).toBe(200);
    await told(rig, 'completed');
    expect(rig.sent[0]).toMatchObject({ url, method: 'POST', isTrusted: false });
    expect(rig.sent[0]?.headers).toMatchObject({
      'x-token': 'tok',
      authorization: 'Bearer cred',
      'content-type': 'application/json',
      'webhook-id': expect.stringMatching(/^msg_[\w-]{43}$/),
      'webhook-signature': expect.stringMatching(/^v1,[\w+/]{43}=$/),
    });
    expect(toTold(rig.sent)[0]).toMatchObject({ thread: 't', said: ['hello'] });
    await quiet(rig);
    expect(rig.server.counts()).toMatchObject({ noticesDelivered: 1, noticesGivenUp: 0 });
  });

  test('when its exchange waits for approvals, and when that is over', async () => {
    const rig = open();
    await rig.post('t', { content: 'ask', webhook: { url } });
    await told(rig, 'input_required');
    await quiet(rig);
    const approval = await findApproval(rig, 't');
    await rig.post('t', { decisions: [{ approval, decision: true }] });
    await told(rig, 'input_required', 'completed');
    expect(new Set(rig.sent.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  test.each([
    ['fail', 'failed'],
    ['hang', 'cancelled'],
  ])('when its answer to "%s" ends: %s', async (content, change) => {
    const rig = open();
    await rig.post('t', { content, webhook: { url } });
    if (content === 'hang') await rig.post('t', { cancel: true });
    await told(rig, change);
  });

  test('when its approvals close without an answer', async () => {
    const rig = open();
    await rig.post('t', { content: 'ask', webhook: { url } });
    await told(rig, 'input_required');
    await rig.post('t', { cancel: true });
    await told(rig, 'input_required', 'cancelled');
  });

  test('when its message is withdrawn before its turn', async () => {
    const rig = open();
    await rig.post('t', { content: 'hang' });
    await rig.post('t', { content: 'next', webhook: { url } });
    const session = await findSession(rig, 't');
    const state = await (await ask(rig.server, 'GET', `/session/${session}`)).json();
    const { message } = (state as { messages: { message: string }[] }).messages.at(-1) ?? {};
    await ask(rig.server, 'POST', `/withdraw/${session}`, { json: { message_id: message, message } });
    await told(rig, 'cancelled');
  });

  test('of the changes after it was registered, if it was registered later', async () => {
    const rig = open();
    await rig.post('t', { content: 'ask' });
    await quiet(rig);
    await rig.post('t/webhooks', { put: { url } });
    await quiet(rig);
    expect(rig.sent).toEqual([]);
    await rig.post('t', { cancel: true });
    await told(rig, 'cancelled');
  });

  test('of the changes after an answer that brings it', async () => {
    const rig = open();
    await rig.post('t', { content: 'ask' });
    await quiet(rig);
    const decisions = [{ approval: await findApproval(rig, 't'), decision: true }];
    for (let count = 0; count < 2; count += 1) await rig.post('t', { decisions, webhook: { url } });
    await told(rig, 'completed');
    await quiet(rig);
    expect(rig.sent).toHaveLength(1);
  });

  test('once for a message that is repeated with its key', async () => {
    const rig = open();
    for (let count = 0; count < 3; count += 1)
      await rig.post('t', { content: 'hi', key: 'k', webhook: { url } });
    await told(rig, 'completed');
    await quiet(rig);
    expect(rig.sent).toHaveLength(1);
  });

  test('of its own exchange only, each of several', async () => {
    const rig = open();
    await rig.post('t', { content: 'hi', webhook: { url, id: 'a' } });
    await rig.post('t/webhooks', { put: { url, id: 'b' } });
    await told(rig, 'completed');
    await rig.post('t', { content: 'again', webhook: { url, id: 'c' } });
    await told(rig, 'completed', 'completed');
    expect(toTold(rig.sent)).toMatchObject([{ id: 'a' }, { id: 'c' }]);
  });
});

describe('a try', () => {
  test('that fails is repeated with the same id until one succeeds, and later notices wait for it', async () => {
    const statuses = [500, 503, 429, 408, 425, 200];
    const rig = open({
      receive: (_, index) => {
        if (index === 6) throw new Error('reset');
        return statuses[index] ?? 200;
      },
    });
    await rig.post('t', { content: 'ask', webhook: { url } });
    await told(rig, ...Array.from({ length: 6 }, () => 'input_required'));
    await rig.post('t', { cancel: true });
    await vi.waitFor(() => expect(rig.sent).toHaveLength(8));
    expect(changesOf(rig).slice(6)).toEqual(['cancelled', 'cancelled']);
    const ids = rig.sent.map(({ headers }) => headers['webhook-id']);
    expect([new Set(ids.slice(0, 6)).size, new Set(ids.slice(6)).size, new Set(ids).size]).toEqual([1, 1, 2]);
    expect(new Set(rig.sent.slice(0, 6).map(({ body }) => body)).size).toBe(1);
    expect(rig.errors).toEqual([]);
  });

  test('is given up after the last one, reported by its host alone, and the next notice is sent', async () => {
    const rig = open({ receive: (_, index) => (index < 3 ? 500 : 200), webhooks: { tries: 3 } });
    await rig.post('t', { content: 'ask', webhook: { url, token: 'tok' } });
    await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
    await rig.post('t', { cancel: true });
    await told(rig, 'input_required', 'input_required', 'input_required', 'cancelled');
    expect(rig.errors).toEqual([
      'Error: A notice to the webhook at hooks.example.com is given up: status 500, 3 times.',
    ]);
    await vi.waitFor(() =>
      expect(rig.server.counts()).toMatchObject({ noticesDelivered: 1, noticesGivenUp: 1 }),
    );
  });

  test.each([301, 302, 307, 400, 401, 404, 422])('with status %i is not repeated', async (status) => {
    const rig = open({ receive: () => status });
    await rig.post('t', { content: 'hi', webhook: { url } });
    await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
    await quiet(rig);
    expect([rig.sent.length, rig.errors]).toEqual([
      1,
      [`Error: A notice to the webhook at hooks.example.com is given up: status ${status}.`],
    ]);
  });

  test('with status 410 ends the webhook', async () => {
    const rig = open({ receive: () => 410 });
    await rig.post('t', { content: 'ask', webhook: { url } });
    await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
    await rig.post('t', { cancel: true });
    await quiet(rig);
    expect(rig.sent).toHaveLength(1);
  });

  test('with status 410 ends the webhook until its client registers it anew', async () => {
    const rig = open({ receive: ({ url: to }) => (to === url ? 410 : 200) });
    await rig.post('t', { content: 'ask', webhook: { url, id: 'a' } });
    await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
    await rig.post('t/webhooks', { put: { url: 'https://new.example.com/', id: 'a' } });
    await rig.post('t', { cancel: true });
    await told(rig, 'input_required', 'cancelled');
    expect(rig.sent[1]?.url).toBe('https://new.example.com/');
  });

  test('has a timeout', async () => {
    const rig = open({
      webhooks: { timeoutMs: 5, tries: 2 },
      receive: neverAnswer,
    });
    await rig.post('t', { content: 'hi', webhook: { url } });
    await vi.waitFor(() =>
      expect(rig.errors).toEqual([expect.stringContaining('no response in 5 ms, 2 times')]),
    );
  });
});

test('a receiver that never answers holds no turn, no other webhook and no shutdown', async () => {
  const rig = open({
    receive: (notice) => (notice.url.includes('slow') ? neverAnswer(notice) : 200),
  });
  await rig.post('t', { content: 'hi', webhook: { url: 'https://slow.example.com/' } });
  await told(rig, 'completed');
  await rig.post('t', { content: 'again', webhook: { url } });
  await told(rig, 'completed', 'completed');
  expect(rig.sent.map(({ url: to }) => to)).toEqual(['https://slow.example.com/', url]);
  await rig.server.close(0);
  expect(rig.sent[0]?.signal.aborted).toBe(true);
});

describe('webhooks of an exchange', () => {
  test('are listed, replaced by their id and deleted', async () => {
    const rig = open();
    await rig.post('t', { content: 'hang', webhook: { url, id: 'a', token: 'one' } });
    await rig.post('t/webhooks', { put: { url, id: 'b' } });
    const replaced = await rig.post('t/webhooks', { put: { url, id: 'a', token: 'two' } });
    const both = {
      webhooks: [
        { url, id: 'a', token: 'two' },
        { url, id: 'b' },
      ],
    };
    expect(await replaced.json()).toEqual(both);
    expect(await (await ask(rig.server, 'GET', '/hooks/t/webhooks')).json()).toEqual(both);
    const dropped = await rig.post('t/webhooks', { drop: 'a' });
    expect(await dropped.json()).toEqual({ webhooks: [{ url, id: 'b' }] });
    await rig.post('t', { cancel: true });
    await told(rig, 'cancelled');
    expect(toTold(rig.sent)).toMatchObject([{ id: 'b' }]);
  });

  test('are those of their owner', async () => {
    const rig = open({ authenticate: (request) => request.header('x-who') ?? '' });
    const as = (who: string) => ({ headers: { 'x-who': who } });
    await ask(rig.server, 'POST', '/hooks/t', { json: { content: 'hang', webhook: { url } }, ...as('ada') });
    const path = '/hooks/t/webhooks';
    expect((await ask(rig.server, 'GET', path, as('ada'))).status).toBe(200);
    expect((await ask(rig.server, 'GET', path, as('bob'))).status).toBe(404);
    expect((await ask(rig.server, 'POST', path, { json: { put: { url } }, ...as('bob') })).status).toBe(404);
  });

  test('are at most eight, and at most 64 that are not over in a session', async () => {
    const rig = open();
    await rig.post('t', { content: 'hang' });
    const put = async (id: string) => (await rig.post('t/webhooks', { put: { url, id } })).status;
    for (let index = 0; index < 8; index += 1) expect(await put(`${index}`)).toBe(200);
    expect(await put('8')).toBe(429);
    expect(await put('7')).toBe(200);
  });

  test('are at most 64 that are not over in a session', async () => {
    const rig = open();
    await rig.post('t', { content: 'hi', webhook: { url } });
    await told(rig, 'completed');
    await quiet(rig);
    for (let sent = 0; sent < 8; sent += 1) {
      const ref = `${sent}`;
      await rig.post('t', { content: sent === 0 ? 'hang' : 'wait', ref });
      const put = (id: number) => rig.post('t/webhooks', { put: { url, id: `${id}` }, of: { message: ref } });
      const answers = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(put));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
    const late = await rig.post('t', { content: 'late', webhook: { url } });
    expect([late.status, await late.text()]).toEqual([429, expect.stringContaining('at most 64 webhooks')]);
  });

  test('make room for others if their exchange was over when they were registered', async () => {
    const rig = open();
    for (let sent = 0; sent < 10; sent += 1) {
      const ref = `${sent}`;
      await rig.post('t', { content: 'hi', ref });
      await quiet(rig);
      for (let id = 0; id < 8; id += 1)
        expect(
          (await rig.post('t/webhooks', { put: { url, id: `${id}` }, of: { message: ref } })).status,
        ).toBe(200);
      await quiet(rig);
    }
    expect(rig.sent).toEqual([]);
  });

  test('make room for long ones when they are over, and a message whose webhook has no room is not sent', async () => {
    const rig = open();
    const secret = 'x'.repeat(4000);
    const long = { url, token: secret, authentication: { scheme: 'Bearer', credentials: secret } };
    for (let sent = 0; sent < 20; sent += 1) {
      expect((await rig.post('t', { content: `hi ${sent}`, webhook: long })).status).toBe(200);
      await quiet(rig);
    }
    await rig.post('t', { content: 'hang', ref: 'hang', webhook: { ...long, id: 'x'.repeat(200) } });
    const statuses: number[] = [];
    for (let sent = 0; sent < 20; sent += 1)
      statuses.push((await rig.post('t', { content: 'later', ref: `${sent}`, webhook: long })).status);
    const taken = statuses.indexOf(413);
    expect(taken).toBeGreaterThan(10);
    expect((await rig.post('t/webhooks', { of: { message: `${taken - 1}` }, drop: 'x' })).status).toBe(200);
    expect((await rig.post('t/webhooks', { of: { message: `${taken}` }, drop: 'x' })).status).toBe(404);
  });

  test('are not those of another exchange that waits when an answer is refused', async () => {
    const rig = open();
    await rig.post('t', { content: 'hi', ref: 'first' });
    await rig.post('t', { content: 'ask', ref: 'second' });
    const approval = await vi.waitFor(async () => {
      const name = await findApproval(rig, 't');
      expect(name).not.toBe('');
      return name;
    });
    const answered = { decisions: [{ approval, decision: true }], webhook: { url } };
    expect((await rig.post('t', { ...answered, of: { message: 'first' } })).status).toBe(409);
    const listed = await ask(rig.server, 'GET', '/hooks/t/webhooks');
    expect(await listed.json()).toEqual({ webhooks: [] });
    expect((await rig.post('t', { ...answered, of: { message: 'second' } })).status).toBe(200);
    await told(rig, 'completed');
  });

  test('that could not be told are refused, and their message is not sent', async () => {
    const rig = open();
    const refused: readonly (readonly [object, string])[] = [
      [{ url: 'http://hooks.example.com' }, 'must begin with https:'],
      [{ url: 'no url' }, 'is not a URL'],
      [{ url, token: 'a\r\nb: c' }, 'printable ASCII'],
      [{ url, token: 'x'.repeat(5000) }, 'at most 4096'],
      [{ url, authentication: { scheme: 'a b', credentials: 'c' } }, 'authentication is not one'],
      [{ url, id: '' }, '1 to 200'],
      [{ url, variant: 'x'.repeat(65) }, 'too long'],
    ];
    for (const [webhook, words] of refused) {
      const response = await rig.post('t', { content: 'hi', webhook });
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(words)]);
    }
    expect((await ask(rig.server, 'GET', '/hooks/t/webhooks')).status).toBe(404);
  });
});

describe('a server without webhooks', () => {
  test('refuses them in a sentence, and sends no message that has one', async () => {
    const rig = open({ webhooks: 'none' });
    const refused = await rig.post('t', { content: 'hi', webhook: { url } });
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('This server delivers no webhooks.'),
    ]);
    expect((await rig.post('t/webhooks', { put: { url } })).status).toBe(400);
  });

  test('leaves those of other nodes to them', async () => {
    const store = memoryStore();
    const first = open({ store });
    await first.post('t', { content: 'ask', webhook: { url } });
    await told(first, 'input_required');
    await first.server.close(0);
    const second = open({ store, webhooks: 'none' });
    await second.post('t', { cancel: true });
    await quiet(second);
    expect(second.errors).toEqual([]);
    const third = open({ store });
    await told(third, 'cancelled');
  });
});

describe('over time', () => {
  test('a node that stops leaves a notice that is under way to the next one, under the same id', async () => {
    const store = memoryStore();
    const first = open({
      store,
      receive: neverAnswer,
    });
    await first.post('t', { content: 'hi', webhook: { url, token: 'tok' } });
    await told(first, 'completed');
    await first.server.close(0);
    const second = open({ store });
    await told(second, 'completed');
    const [one, other] = [first.sent[0], second.sent[0]];
    expect(other?.headers).toMatchObject({ 'x-token': 'tok', 'webhook-id': one?.headers['webhook-id'] });
    expect(other?.body).toBe(one?.body);
  });

  test('a deleted session takes its webhooks with it, also while one is tried', async () => {
    const rig = open({
      receive: neverAnswer,
    });
    await rig.post('t', { content: 'hi', webhook: { url } });
    await told(rig, 'completed');
    const session = await findSession(rig, 't');
    const outbox = await findOutbox(rig.store, session);
    expect((await rig.store.log.read(outbox, undefined, 1)).type).toBe('page');
    expect((await ask(rig.server, 'DELETE', `/session/${session}`)).status).toBe(204);
    expect((await rig.store.log.read(outbox, undefined, 1)).type).toBe('missing');
    await quiet(rig);
    expect(rig.errors).toEqual([]);
  });

  test('an outbox whose session is gone is dropped when it is due', async () => {
    const rig = open({ receive: () => 500, webhooks: { firstWaitMs: 50 } });
    await rig.post('t', { content: 'hi', webhook: { url } });
    await vi.waitFor(() => expect(rig.sent.length).toBeGreaterThan(0));
    const session = await findSession(rig, 't');
    const outbox = await findOutbox(rig.store, session);
    // As a store does that forgets old sessions.
    await rig.store.log.drop(session);
    await vi.waitFor(async () =>
      expect((await rig.store.log.read(outbox, undefined, 1)).type).toBe('missing'),
    );
  });

  test('a session whose outbox was lost gets another one', async () => {
    const rig = open();
    await rig.post('t', { content: 'hi', webhook: { url } });
    await told(rig, 'completed');
    await quiet(rig);
    // As a node leaves it that dies while it deletes the session.
    await rig.store.log.drop(await findOutbox(rig.store, await findSession(rig, 't')));
    expect((await rig.post('t', { content: 'again', webhook: { url } })).status).toBe(200);
    await told(rig, 'completed', 'completed');
  });

  test('a thousand webhooks are told, a bounded number at once, and the event loop turns meanwhile', async () => {
    let [open, most, turns] = [0, 0, 0];
    const rig = createWebhookRig({
      webhooks: { timeoutMs: 60_000 },
      receive: async () => {
        most = Math.max(most, (open += 1));
        await new Promise((resolve) => void setImmediate(resolve));
        open -= 1;
        return 200;
      },
    });
    onTestFinished(() => rig.server.close(0));
    const counting = setInterval(() => (turns += 1), 1);
    await fillOutboxes(rig, 20, 50);
    await vi.waitFor(() => expect(rig.server.counts()).toMatchObject({ noticesDelivered: 1020 }), 15_000);
    clearInterval(counting);
    expect(most).toBeLessThanOrEqual(128);
    expect(turns).toBeGreaterThan(10);
    expect(rig.errors).toEqual([]);
  });
});

describe('notices that wait for a slot', () => {
  test('are made when they are sent, and those of another owner are not behind them', async () => {
    let [made, isFree] = [0, false];
    const stalled: (() => void)[] = [];
    const rig = open({
      webhooks: { timeoutMs: 60_000 },
      authenticate: (request) => request.header('x-who') ?? 'ada',
      onNotify: () => (made += 1),
      receive: ({ url: to }) =>
        to === url || isFree ? 200 : new Promise((resolve) => void stalled.push(() => resolve(200))),
    });
    const send = (who: string, thread: string, to: string) =>
      ask(rig.server, 'POST', `/hooks/${thread}`, {
        json: { content: 'hi', webhook: { url: to } },
        headers: { 'x-who': who },
      });
    for (let index = 0; index < 200; index += 1)
      await send('ada', `t${index}`, `https://slow${index}.example.com/`);
    await vi.waitFor(() => expect(rig.sent).toHaveLength(128));
    await send('bob', 't', url);
    expect(made).toBe(128);
    // One receiver after the other answers, until the notice of the other owner has its slot.
    for (let ended = 0; !rig.sent.some(({ url: to }) => to === url); ended += 1) {
      stalled[ended]?.();
      await vi.waitFor(() => expect(rig.sent.length).toBeGreaterThan(128 + ended));
    }
    expect(rig.sent.length).toBeLessThan(170);
    isFree = true;
    for (const end of stalled) end();
    await vi.waitFor(() => expect(rig.sent).toHaveLength(201));
  });

  test('are not sent when their client deletes or replaces the webhook', async () => {
    const rig = open({
      webhooks: { timeoutMs: 60_000 },
      receive: ({ url: to }) => (to === url ? stall.promise : 200),
    });
    const stall = Promise.withResolvers<number>();
    for (let index = 0; index < 18; index += 1)
      await rig.post(`t${index}`, { content: 'hi', webhook: { url, id: 'a' } });
    await vi.waitFor(() => expect(rig.sent).toHaveLength(16));
    const waiting = Array.from({ length: 18 }, (_, index) => `t${index}`).filter(
      (thread) => !toTold(rig.sent).some((each) => 'thread' in each && each.thread === thread),
    );
    const [first = '', second = ''] = waiting;
    await vi.waitFor(async () => expect((await rig.post(`${first}/webhooks`, {})).status).toBe(200));
    expect((await rig.post(`${first}/webhooks`, { drop: 'a' })).status).toBe(200);
    const put = { url: 'https://new.example.com/', id: 'a' };
    expect((await rig.post(`${second}/webhooks`, { put })).status).toBe(200);
    stall.resolve(410);
    await vi.waitFor(() => expect(rig.sent).toHaveLength(17));
    await quiet(rig);
    expect(rig.sent.slice(16)).toMatchObject([{ url: put.url }]);
  });

  test('are told by a webhook that replaces one which is tried', async () => {
    const stall = Promise.withResolvers<number>();
    const rig = open({ receive: ({ url: to }) => (to === url ? stall.promise : 200) });
    await rig.post('t', { content: 'ask', webhook: { url, id: 'a' } });
    await told(rig, 'input_required');
    const put = { url: 'https://new.example.com/', id: 'a' };
    expect((await rig.post('t/webhooks', { put })).status).toBe(200);
    stall.resolve(410);
    await told(rig, 'input_required', 'input_required');
    expect(rig.sent[1]?.url).toBe(put.url);
  });
});

test('secrets stand in no log, no state, no stream and no error', async () => {
  const rig = open({ receive: () => 500, webhooks: { tries: 2 } });
  const secrets = {
    token: 'canary-token',
    authentication: { scheme: 'Bearer', credentials: 'canary-credentials' },
  };
  const webhook = { url: 'https://hooks.example.com/canary-path?canary-query', ...secrets };
  await rig.post('t', { content: 'hi', webhook });
  await vi.waitFor(() => expect(rig.errors).toHaveLength(1));
  const session = await findSession(rig, 't');
  const outbox = await findOutbox(rig.store, session);
  const shown = [
    await rig.store.log.read(session, undefined, 100),
    (await rig.store.sessions.list('anonymous', { limit: 10 })).map(({ head }) => head),
    await (await ask(rig.server, 'GET', `/session/${session}`)).text(),
    await (await ask(rig.server, 'GET', '/sessions')).text(),
    await (await ask(rig.server, 'GET', `/session/${outbox}`)).text(),
    rig.errors,
  ];
  expect(JSON.stringify(shown)).not.toContain('canary');
  const page = await rig.store.log.read(outbox, undefined, 100);
  expect(JSON.stringify(page.type === 'page' && page.entries)).not.toContain('canary');
});
