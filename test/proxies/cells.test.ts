// The proxies of deploy/cells/ in front of two cells: each request of an owner reaches the owner's cell.
// Two real Redis servers, and a thousand streams: `npm run proof:cells`.
import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RefusalError, defineAgent } from 'heddle';
import { apiKeys, bearerJwt, cookieSession, firstOf } from 'heddle/auth';
import { a2a, agUi, aiSdk, mcp, openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import type { Listening } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Authenticate, RequestRecord, Server } from 'heddle/server';
import { movedSlots } from '../rig/cells/files.ts';
import { startCellsFront } from '../rig/cells/front.ts';
import type { CellsFront, CellProxy } from '../rig/cells/front.ts';
import { createCleanUp } from '../rig/clean-up.ts';

const shared = createCleanUp(afterAll);
const secret = 'weave '.repeat(8);
const toDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One owner of an API key and three of tokens. The shipped table has the cell of each slot. */
const key = 'an-api-key-of-ada';
const owners = ['ada', 'eve', 'linus', 'zoë'] as const;
const toCell = (owner: string): string => (/^[0-7]/.test(toDigest(owner)) ? 'one' : 'two');
const tokens = new Map<string, string>();

interface Cell {
  readonly nodes: readonly Listening[];
  readonly ports: readonly [number, number];
  readonly routes: Server['routes'];
}

const answered: (RequestRecord & { readonly cell: string })[] = [];

/** Starts a cell: two nodes over one store. */
async function startCell(cell: string, authenticate: Authenticate): Promise<Cell> {
  const store = memoryStore();
  const agent = defineAgent({
    open: () =>
      async function* () {
        yield `said in ${cell}`;
      },
  });
  const dialects = [aiSdk(), agUi(), openAi(), a2a({ name: 'weavers' }), mcp({ name: 'weavers' })];
  const onAnswer = (record: RequestRecord): void => void answered.push({ ...record, cell });
  const quiet = { onError: () => {}, onWarning: () => {} };
  const server = (): Server =>
    createServer({
      agent,
      store,
      secrets: [secret],
      authenticate,
      dialects,
      onAnswer,
      gatherMs: 0,
      ...quiet,
    });
  const servers = [server(), server()];
  const nodes = await Promise.all(servers.map((each) => listen(each, { port: 0 })));
  shared(...nodes.map((node) => () => node.close(0)));
  const [one = 0, two = 0] = nodes.map(({ url }) => Number(new URL(url).port));
  return { nodes, ports: [one, two], routes: servers[0]?.routes ?? [] };
}

async function sign(owner: string, jti: string): Promise<string> {
  const claims = new SignJWT({ jti }).setSubject(owner).setIssuer('i').setAudience('a');
  return claims
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

const cells: { one: Cell; two: Cell; three: Cell } = Object.create(null);
const fronts = new Map<CellProxy, CellsFront>();

beforeAll(async () => {
  const known = firstOf(
    apiKeys({ ada: toDigest(key) }),
    await bearerJwt({ issuer: 'i', audience: 'a', secret }),
    cookieSession({ name: 'login', find: (value) => value }),
  );
  const authenticate: Authenticate = (request) => {
    if (request.header('authorization') === 'Bearer unsure') throw new RefusalError('unavailable');
    return known(request);
  };
  for (const name of ['one', 'two', 'three'] as const) cells[name] = await startCell(name, authenticate);
  for (const owner of owners) tokens.set(owner, owner === 'ada' ? key : await sign(owner, 'first'));
  for (const name of ['nginx', 'HAProxy'] as const) {
    const front = await startCellsFront(name, {
      cells: { one: cells.one.ports, two: cells.two.ports },
      owners: [`${toDigest(key)} ada`],
    });
    fronts.set(name, front);
    shared(front.stop);
  }
});

interface Ask {
  readonly method?: string;
  readonly owner?: string;
  readonly token?: string;
  readonly cookie?: string;
  readonly body?: unknown;
}

describe.each(['nginx', 'HAProxy'] as const)('%s', (name) => {
  /** Sends a request, and returns the response with the text of its body. Streams are left at their head. */
  async function ask(path: string, { method = 'GET', owner, token, cookie, body }: Ask = {}) {
    const leave = new AbortController();
    const credential = token ?? tokens.get(owner ?? '');
    const response = await fetch(`${fronts.get(name)?.url}${path}`, {
      method,
      signal: leave.signal,
      headers: {
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
        ...(cookie !== undefined && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        // A proxy that reloads still serves the connections that it has.
        connection: 'close',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const isEndless = isStream && response.headers.get('heddle-cell') !== null;
    const text = isEndless ? '' : await response.text();
    if (isEndless) leave.abort();
    return { status: response.status, cell: response.headers.get('heddle-cell'), text };
  }

  async function create(owner: string): Promise<string> {
    const { text } = await ask('/session', { method: 'POST', owner, body: {} });
    return JSON.parse(text).session_id;
  }

  test('every route reaches the cell of its owner', async () => {
    answered.splice(0);
    const all = { prompt: 'x', content: 'x', message_id: 'm', approval_id: 'p', decision: true, input: 'x' };
    for (const owner of owners) {
      const session = await create(owner);
      const body = { ...all, sessions: { [session]: null }, threadId: 't', runId: 'r', messages: [] };
      for (const { method, path, open } of cells.one.routes.toSorted(endsLast)) {
        if (open || path === '/caller') continue;
        const to = path.replace(':session', session).replaceAll(/\/:\w+/g, '/t');
        const { cell } = await ask(to, { method, owner, ...(method === 'POST' && { body }) });
        expect(cell, `${method} ${path}`).toBe(toCell(owner));
      }
    }
    // The nodes' own records say the same. Any node may name the slot of a caller.
    const acted = answered.filter(({ route }) => route !== '/caller' && route !== '/health');
    for (const { owner = '', cell, route } of acted)
      if (owner !== '') expect(cell, route).toBe(toCell(owner));
    const reached = new Set(acted.map(({ method, route }) => `${method} ${route}`));
    for (const { method, path, open } of cells.one.routes)
      if (!open && path !== '/caller') expect(reached).toContain(`${method} ${path}`);
    expect(new Set(acted.map(({ cell }) => cell))).toEqual(new Set(['one', 'two']));
  });

  test('sessions, threads and one-shot answers of an owner are found again, with a renewed token too', async () => {
    for (const owner of owners) {
      const session = await create(owner);
      const thread = {
        threadId: `thread-${name}`,
        runId: 'r',
        messages: [{ id: 'm', role: 'user', content: 'x' }],
      };
      await ask('/agui', { method: 'POST', owner, body: thread });
      const token = owner === 'ada' ? key : await sign(owner, 'second');
      const { text } = await ask('/sessions', { token });
      const listed: readonly { readonly session_id: string }[] = JSON.parse(text).sessions;
      expect(listed.map(({ session_id: id }) => id)).toContain(session);
      for (const { session_id: id } of listed)
        expect((await ask(`/session/${id}`, { token })).status).toBe(200);
      const read = await ask(`/agui?threadId=${thread.threadId}`, { token });
      expect(read.text).toContain(`said in ${toCell(owner)}`);
    }
  });

  test('a ticket and a link reach their cell without credentials, and with those of another owner', async () => {
    for (const owner of owners) {
      const session = await create(owner);
      for (const kind of ['ticket', 'link']) {
        const made = await ask(`/${kind}/${session}`, { method: 'POST', owner, body: {} });
        const { search } = new URL(JSON.parse(made.text).url, 'http://localhost/');
        const url = `/stream/${session}${search}`;
        expect(await ask(url), kind).toMatchObject({ status: 200, cell: toCell(owner) });
        if (kind === 'ticket') continue;
        for (const other of owners) {
          const read = await ask(url.replace('stream', 'session'), { owner: other });
          expect(read).toMatchObject({ status: 200, cell: toCell(owner) });
        }
      }
    }
  });

  test('what needs no cell is answered, and a request without credentials is refused by Heddle', async () => {
    expect((await ask('/health')).status).toBe(200);
    expect((await ask('/.well-known/agent-card.json')).status).toBe(200);
    expect(await ask('/sessions')).toMatchObject({
      status: 401,
      text: expect.stringContaining('unauthorized'),
    });
    // A forged token chooses a cell, and is refused there.
    const [head, claims] = (tokens.get('eve') ?? '').split('.');
    expect((await ask('/sessions', { token: `${head}.${claims}.forged` })).status).toBe(401);
    // A name in the URL of another route changes nothing.
    for (const cell of ['one', 'two', 'three', 'any'])
      expect((await ask(`/sessions?cell=${cell}`, { owner: 'eve' })).cell).toBe(toCell('eve'));
  });

  test('a login by cookie reaches its cell; HAProxy needs the slot as a cookie', async () => {
    for (const owner of ['eve', 'linus']) {
      const cookie = `login=${owner}; heddle-slot=${toDigest(owner).slice(0, 3)}`;
      expect(await ask('/sessions', { cookie })).toMatchObject({ status: 200, cell: toCell(owner) });
    }
  });

  test('a caller that no node can name is refused, and asked to come back', async () => {
    for (let nth = 0; nth < 5; nth += 1)
      expect((await ask('/session', { method: 'POST', token: 'unsure', body: {} })).status).toBe(503);
  });

  test('a third cell takes its slots and no others, and its owners do not find their sessions there', async () => {
    const sessions = new Map<string, string>();
    const many = [...owners, ...Array.from({ length: 12 }, (_, index) => `person-${index}`)];
    for (const owner of many) {
      tokens.set(owner, tokens.get(owner) ?? (await sign(owner, 'first')));
      sessions.set(owner, await create(owner));
    }
    const read = (owner: string) => ask(`/session/${sessions.get(owner)}`, { owner });
    await fronts.get(name)?.addCell(cells.three.ports);
    const moved = many.filter((owner) => movedSlots.test(toDigest(owner)));
    expect(moved.length).toBeGreaterThan(0);
    for (const owner of many)
      // For a moment after a reload, the old process also takes connections.
      await expect
        .poll(() => read(owner))
        .toMatchObject(
          moved.includes(owner) ? { status: 404, cell: 'three' } : { status: 200, cell: toCell(owner) },
        );
    await fronts.get(name)?.removeCell();
    for (const owner of many)
      await expect.poll(() => read(owner)).toMatchObject({ status: 200, cell: toCell(owner) });
  });
});

test('a dead cell does not hurt the other one, and no request of it reaches the other one', async () => {
  const dead = 'one';
  await Promise.all(cells[dead].nodes.map((node) => node.close(0)));
  for (const [name, { url }] of fronts)
    for (const owner of owners)
      for (let nth = 0; nth < 5; nth += 1) {
        const headers = { authorization: `Bearer ${tokens.get(owner)}` };
        const listed = await fetch(`${url}/sessions`, { headers });
        await listed.body?.cancel();
        expect(listed.status, `${name} ${owner}`).toBe(toCell(owner) === dead ? 503 : 200);
        if (toCell(owner) !== dead) continue;
        // An EventSource comes back instead of giving up.
        const stream = await fetch(`${url}/stream/none`, {
          headers: { ...headers, accept: 'text/event-stream' },
        });
        expect(stream.status).toBe(200);
        expect(await stream.text()).toContain('retry: 2000');
      }
});

/** Sorts the routes so that those that end a session come last. */
function endsLast(one: { readonly method: string }, other: { readonly method: string }): number {
  return Number(one.method === 'DELETE') - Number(other.method === 'DELETE');
}
