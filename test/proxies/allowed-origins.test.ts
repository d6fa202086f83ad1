// Pages in a real browser behind nginx as it comes, which changes Host. The operator has named their origin.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryStore } from 'heddle/log';
import { listen } from 'heddle/node';
import { createServer } from 'heddle/server';
import { createCertificate } from '../../src/node/certificate.fixture.ts';
import { usePages } from '../rig/browser.ts';
import { createCleanUp } from '../rig/clean-up.ts';
import { runNginx, toNginxConfiguration } from '../rig/nginx.ts';
import { findPort } from '../rig/redis-server.ts';

const cleanUp = createCleanUp(afterAll);
const { newPage } = usePages('chromium', [
  '--host-resolver-rules=MAP *.test 127.0.0.1',
  '--ignore-certificate-errors',
]);
const urls: Record<string, string> = {};

beforeAll(async () => {
  const [plain, secure] = [await findPort(), await findPort()];
  Object.assign(urls, {
    'plain http': `http://chat.test:${plain}`,
    https: `https://chat.test:${secure}`,
    'a foreign name': `https://evil.test:${secure}`,
  });
  const server = createServer({
    agent: async function* () {
      yield 'hello';
    },
    store: memoryStore(),
    authenticate: (request) => request.header('authorization'),
    origins: [urls['plain http'] ?? '', urls['https'] ?? ''],
    onWarning: () => {},
  });
  const heddle = await listen(server, { port: 0 });
  cleanUp(() => heddle.close(0));
  const { certFile, keyFile, remove } = createCertificate();
  cleanUp(remove);
  const location = `location /agent/ { proxy_pass ${heddle.url}/; proxy_http_version 1.1; }`;
  const servers = `
    server { listen 127.0.0.1:${plain}; ${location} }
    server {
      listen 127.0.0.1:${secure} ssl;
      ssl_certificate ${certFile};
      ssl_certificate_key ${keyFile};
      ${location}
    }`;
  cleanUp(await runNginx(toNginxConfiguration(servers), [`http://127.0.0.1:${plain}/agent/health`]));
});

/** Acts as a page: a session, a message, and an EventSource with a ticket that reconnects with its cookie. */
const act = `async () => {
  const headers = { authorization: 'ada', 'content-type': 'application/json' };
  const post = async (path, body = {}) => {
    const response = await fetch('/agent/' + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, at: response.url, ...(await response.json()) };
  };
  const made = await post('session');
  if (made.status !== 201) return made.code;
  const sent = await post('message/' + made.session_id, { content: 'hi' });
  const bought = await post('ticket/' + made.session_id);
  const url = new URL(bought.url, bought.at);
  const types = await new Promise((resolve) => {
    const heard = [];
    const source = new EventSource(url);
    source.onerror = () => resolve('refused');
    source.onmessage = ({ data }) => {
      heard.push(JSON.parse(data).type);
      if (heard.at(-1) !== 'message_end') return;
      source.close();
      resolve(heard.length);
    };
  });
  // An EventSource requests this when it reconnects.
  const again = await fetch(url);
  void again.body.cancel();
  const linked = await post('link/' + made.session_id);
  const read = await fetch(new URL(linked.url, linked.at));
  void read.body.cancel();
  return [sent.status, types > 3, again.status, read.status];
}`;

test.each([
  ['plain http', ['ok', true, 200, 200]],
  ['https', ['ok', true, 200, 200]],
  ['a foreign name', 'forbidden_origin'],
])('from %s, a page gets: %j', async (name, result) => {
  const page = await newPage();
  await page.goto(`${urls[name]}/agent/health`);
  expect(await page.evaluate(`(${act})()`)).toEqual(result);
});
