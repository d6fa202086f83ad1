// Keeps the browsers of a run. Their start costs seconds of processor time, so the test files share them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import { browserNames, launchBrowser } from './browser.ts';
import type { BrowserName, SharedBrowser } from './browser.ts';
import { temporaryFolder } from './heddle-serve.ts';

/**
 * Serves `GET /<name>`, which takes a browser, `POST /`, which gives it back, and `POST /refusals`, which
 * counts a navigation that a browser refused. The count is printed at the end.
 */
export default async function keepBrowsers({ provide }: TestProject): Promise<() => Promise<void>> {
  const free: SharedBrowser[] = [];
  const closes: (() => Promise<void>)[] = [];
  let refusals = 0;

  async function take(name: BrowserName): Promise<SharedBrowser> {
    const index = free.findIndex((each) => each.name === name);
    const [found] = index === -1 ? [] : free.splice(index, 1);
    return found ?? start(name);
  }

  async function start(name: BrowserName): Promise<SharedBrowser> {
    const profile = temporaryFolder();
    const browser = await launchBrowser(name, [], { userDataDir: profile.path });
    const child = browser.process();
    if (child?.pid === undefined) throw new Error(`${name} has no process.`);
    const ended = once(child, 'close');
    closes.push(async () => {
      child.kill('SIGKILL');
      await ended;
      profile.remove();
    });
    // Firefox serves one client at a time.
    await browser.disconnect();
    return { name, endpoint: browser.wsEndpoint(), pid: child.pid };
  }

  const server = createServer((request, response) => {
    const answer = async (): Promise<string> => {
      const name = browserNames.find((each) => request.url === `/${each}`);
      if (name) return JSON.stringify(await take(name));
      if (request.url === '/refusals') refusals += 1;
      else free.push((await json(request)) as SharedBrowser);
      return '';
    };
    answer().then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  provide('browsers', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    for (const close of closes) await close();
    if (refusals > 0)
      process.stdout.write(`Browsers refused ${refusals} navigations, which were repeated.\n`);
  };
}
