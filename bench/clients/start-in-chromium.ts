import type { Browser } from 'puppeteer-core';
import { createFollower } from './follower.ts';
import type { Start } from './start.ts';

/** Starts the browser's own EventSource, in a page of the server's origin. */
export function startInChromium(browser: Browser): Start {
  return async (job, onLine) => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.exposeFunction('writeLine', onLine);
    await page.goto(new URL('/page', job.urls[0]).href);
    await page.addScriptTag({ content: createFollower.toString() });
    await page.evaluate((job) => {
      const scope = globalThis;
      const write: (line: string) => void = Reflect.get(scope, 'writeLine');
      const create: typeof createFollower = Reflect.get(scope, 'createFollower');
      for (const [stream, url] of job.urls.entries()) {
        const { onMessage, onEnd } = create(stream, job, write);
        const source = new EventSource(url);
        source.addEventListener('message', ({ data }) => {
          if (data === job.last) source.close();
          onMessage(String(data));
        });
        source.addEventListener('error', () => {
          if (source.readyState === EventSource.CLOSED) onEnd('failed');
        });
      }
    }, job);
    return { exited: new Promise(() => {}), stop: async () => context.close() };
  };
}
