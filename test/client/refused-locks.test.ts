// Some browsers have Web Locks and BroadcastChannel but refuse them. A client that shares then follows alone.
import { build } from 'esbuild';
import { createServer as createWeb } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { memoryStore } from '../../src/log/index.ts';
import { listen } from '../../src/node/index.ts';
import { defineAgent } from '../../src/protocol/index.ts';
import { createServer } from '../../src/server/index.ts';
import { browserNames, usePages } from '../rig/browser.ts';

const agent = defineAgent({
  open: () =>
    async function* () {
      yield 'It is here.';
    },
});
const toClose: (() => unknown)[] = [];
let web: string;
let session: string;

beforeAll(async () => {
  const server = createServer({ store: memoryStore(), agent });
  const listening = await listen(
    {
      ...server,
      // A sandboxed frame has no origin that CORS could name.
      handle: async (ask) => {
        const given = await server.handle(ask);
        return { ...given, headers: { ...given.headers, 'access-control-allow-origin': '*' } };
      },
    },
    { port: 0 },
  );
  const created = await createClient({ url: listening.url }).create();
  await created.send('Hi');
  session = created.id;
  const script = `
    import { createClient } from 'heddle/client';
    window.seen = { text: '', asked: 0 };
    const request = LockManager.prototype.request;
    LockManager.prototype.request = function (...args) { seen.asked += 1; return request.apply(this, args); };
    const session = createClient({ url: ${JSON.stringify(listening.url)}, shared: true }).session('${session}');
    window.follow = async () => { for await (const { event } of session.events()) if (event.type === 'content') seen.text += event.data; };
    follow();`;
  const bundle = await build({
    stdin: { contents: script, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    conditions: ['@heddle/source'],
  });
  const inner = `<!doctype html><script>${(bundle.outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script')}</script>`;
  const pages = createWeb((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      request.url === '/inner'
        ? inner
        : '<!doctype html><iframe sandbox="allow-scripts" src="/inner"></iframe>',
    );
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  web = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  toClose.push(
    () => listening.close(0),
    () => pages.close(),
  );
});
afterAll(async () => {
  for (const close of toClose) await close();
});

interface Seen {
  readonly text: string;
  readonly asked: number;
}
const see = (frame: Frame | undefined): Promise<Seen> | undefined => frame?.evaluate('seen') as Promise<Seen>;

describe.each(browserNames)('in %s', (name) => {
  const { newPage } = usePages(name);

  test('a sandboxed frame follows a session alone, and requests a lock only once', async () => {
    const page = await newPage();
    await page.goto(web);
    const frame = page.frames().find((other) => other !== page.mainFrame());
    await vi.waitFor(async () => expect(await see(frame)).toMatchObject({ text: 'It is here.' }));
    await frame?.evaluate('void follow()');
    await vi.waitFor(async () =>
      expect(await see(frame)).toEqual({ text: 'It is here.It is here.', asked: 1 }),
    );
  });
});
