import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { browserNames, usePages } from '../rig/browser.ts';
import { answer, inTab, serveTabs } from './tabs.fixture.ts';
import type { Seen, TabsServer } from './tabs.fixture.ts';

describe.each(browserNames)('tabs in %s', (browser) => {
  const { newPage, pid: browserPid } = usePages(browser);
  let tabs: TabsServer;
  beforeAll(async () => {
    tabs = await serveTabs();
  });
  afterAll(() => tabs.close());
  beforeEach(() => void (tabs.asked.length = 0));

  /** Opens a tab of a person, which follows these sessions. */
  async function open(
    sessions: readonly string[],
    { beside, user = 'anna', shared = true }: { beside?: Page; user?: string; shared?: boolean } = {},
  ): Promise<Page> {
    const page = await newPage(beside);
    if (!beside) await login(page, user);
    await page.goto(toUrl(sessions, shared ? user : undefined));
    return page;
  }

  async function login(page: Page, user: string): Promise<void> {
    await page.goto(`${tabs.url}/away`);
    await page.evaluate((name) => void (document.cookie = `user=${name}`), user);
  }

  function toUrl(sessions: readonly string[], shared: string | undefined): string {
    const query = new URLSearchParams(sessions.map((session) => ['session', session]));
    if (shared !== undefined) query.set('shared', shared);
    return `${tabs.url}/?${query}`;
  }

  async function createSessions(count: number): Promise<readonly [Page, readonly string[]]> {
    const page = await open([]);
    const sessions = await Promise.all(Array.from({ length: count }, () => inTab<string>(page, 'create')));
    return [page, sessions];
  }

  const see = (page: Page, session: string): Promise<Seen> => inTab(page, 'seen', session);
  async function until(holds: () => Promise<boolean> | boolean, timeout = 20_000): Promise<void> {
    await vi.waitFor(async () => expect(await holds()).toBe(true), { timeout, interval: 20 });
  }
  const hasEnds =
    (page: Page, session: string, ends = 1) =>
    async (): Promise<boolean> =>
      (await see(page, session)).ends === ends;
  const isLive = (page: Page, session: string) => async (): Promise<boolean> =>
    (await see(page, session)).live;

  /** Expects every entry once, in order, and the whole text. */
  async function expectWhole(page: Page, session: string, ...messages: readonly string[]): Promise<void> {
    const { ids, text } = await see(page, session);
    expect(ids.map((id) => Number.parseInt(id, 10))).toEqual(ids.map((_, index) => index + 1));
    expect(text).toBe(messages.map((message) => `${message}: ${answer}`).join(''));
  }

  test('F36: eight tabs with ten sessions share one connection, and other requests are not blocked', async () => {
    const [first, sessions] = await createSessions(10);
    const pages = await Promise.all(Array.from({ length: 8 }, () => open(sessions, { beside: first })));
    await until(async () =>
      (await Promise.all(pages.map((page) => isLive(page, sessions[9] ?? '')()))).every(Boolean),
    );
    await until(() => tabs.openStreams() === 1);
    const delays = await Promise.all(pages.map((page) => inTab<number>(page, 'health')));
    expect(Math.max(...delays)).toBeLessThan(2_000);
    for (const session of sessions) await inTab(pages[3] ?? first, 'send', session, session);
    for (const page of pages)
      for (const session of sessions) {
        await until(hasEnds(page, session));
        await expectWhole(page, session, session);
      }
    expect(tabs.openStreams()).toBe(1);
  });

  test("without sharing, eight tabs use up the browser's connections, and the next request hangs", async () => {
    const [first, [session = '']] = await createSessions(1);
    const pages = await Promise.all(
      Array.from({ length: 6 }, () => open([session], { beside: first, shared: false })),
    );
    await until(() => tabs.openStreams() === 6);
    const asked = inTab(pages[0] ?? first, 'health').then(
      () => 'answered',
      () => 'left',
    );
    expect(await Promise.race([asked, delay(1_500, 'hangs')])).toBe('hangs');
  });

  test('F37: another tab leads within a second after the leader closes in mid-answer', async () => {
    const [first, [session = '']] = await createSessions(1);
    const leader = await open([session], { beside: first });
    await until(isLive(leader, session));
    const others = [await open([session], { beside: first }), await open([session], { beside: first })];
    for (const page of others) await until(isLive(page, session));
    await inTab(first, 'send', session, 'Hi');
    await until(async () => (await see(leader, session)).ids.length > 8);
    const closedAt = performance.now();
    await leader.close();
    await until(() => tabs.asked.some(({ what, at }) => what === 'POST /streams' && at > closedAt));
    const next = tabs.asked.find(({ what, at }) => what === 'POST /streams' && at > closedAt);
    expect((next?.at ?? Infinity) - closedAt).toBeLessThan(1_000);
    for (const page of others) {
      await until(hasEnds(page, session));
      await expectWhole(page, session, 'Hi');
    }
  });

  test('F37: another tab takes the lead from a tab whose process is stopped, and that tab catches up later', async () => {
    const [first, [session = '']] = await createSessions(1);
    const leader = await open([session], { beside: first });
    await until(isLive(leader, session));
    const other = await open([session], { beside: first });
    await until(isLive(other, session));
    const pid = await findProcess(leader, browserPid());
    expect(await findProcess(other, browserPid())).not.toBe(pid);
    await inTab(first, 'send', session, 'Hi');
    process.kill(pid, 'SIGSTOP');
    try {
      const stoppedAt = performance.now();
      const isTaken = (): boolean =>
        tabs.asked.some(({ what, at }) => what === 'POST /streams' && at > stoppedAt);
      await until(isTaken, 37_500);
      await until(hasEnds(other, session));
      await expectWhole(other, session, 'Hi');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until(hasEnds(leader, session));
    await expectWhole(leader, session, 'Hi');
    await inTab(first, 'send', session, 'Again');
    for (const page of [leader, other]) {
      await until(hasEnds(page, session, 2));
      await expectWhole(page, session, 'Hi', 'Again');
    }
    await until(() => tabs.openStreams() === 1);
  });

  // Only Chromium freezes pages, and only Chromium has a command for it.
  if (browser === 'chromium')
    test('F37: a frozen tab gives up the lead, and catches up when it is thawed', async () => {
      const [first, [session = '']] = await createSessions(1);
      const leader = await open([session], { beside: first });
      await until(isLive(leader, session));
      const other = await open([session], { beside: first });
      await until(isLive(other, session));
      const frozen = await leader.createCDPSession();
      await frozen.send('Page.setWebLifecycleState', { state: 'frozen' });
      await inTab(first, 'send', session, 'Hi');
      await until(hasEnds(other, session));
      await expectWhole(other, session, 'Hi');
      await frozen.send('Page.setWebLifecycleState', { state: 'active' });
      await until(hasEnds(leader, session));
      await expectWhole(leader, session, 'Hi');
      await until(() => tabs.openStreams() === 1);
    });

  test('a page that is reloaded, or left and visited again, has the whole answer', async () => {
    const [first, [session = '']] = await createSessions(1);
    const page = await open([session], { beside: first });
    const other = await open([session], { beside: first });
    await until(isLive(other, session));
    await inTab(first, 'send', session, 'Hi');
    await until(async () => (await see(page, session)).ids.length > 8);
    await page.reload();
    await until(async () => (await see(page, session)).ids.length > 8);
    await page.goto(`${tabs.url}/away`);
    await page.goBack();
    await until(hasEnds(page, session));
    await until(hasEnds(other, session));
    for (const each of [page, other]) await expectWhole(each, session, 'Hi');
    expect(tabs.openStreams()).toBe(1);
    // Firefox keeps no page in its back/forward cache while WebDriver drives it.
    expect((await see(page, session)).restored).toBe(browser === 'chromium' ? 1 : 0);
  });

  test('the next person who logs in receives nothing of the one before', async () => {
    const [first, [session = '']] = await createSessions(1);
    const page = await open([session], { beside: first });
    await until(isLive(page, session));
    await inTab(page, 'logout');
    await until(() => tabs.openStreams() === 0);
    await login(first, 'ben');
    await first.goto(toUrl([], 'ben'));
    const own = await inTab<string>(first, 'create');
    await inTab(first, 'follow', own);
    await inTab(first, 'follow', session);
    await until(async () => (await see(first, session)).error === 'not_found');
    await inTab(first, 'send', own, 'Ben');
    await until(hasEnds(first, own));
    await expectWhole(first, own, 'Ben');
    expect((await see(first, session)).ids).toEqual([]);
    expect((await see(page, session)).live).toBe(false);
  });
});

/** Finds the process of a page: the busiest process of its browser while the page is kept busy. */
async function findProcess(page: Page, browserPid: number): Promise<number> {
  const before = toTicks(browserPid);
  await inTab(page, 'spin', 1_000);
  const gains = [...toTicks(browserPid)].map(
    ([pid, ticks]) => [pid, ticks - (before.get(pid) ?? 0)] as const,
  );
  const [busiest] = gains.toSorted(([, one], [, other]) => other - one);
  if (busiest === undefined) throw new Error('The browser has no processes.');
  return busiest[0];
}

/** Returns the processor time of each process of a browser, in ticks of user time (proc(5), "stat"). */
function toTicks(browserPid: number): ReadonlyMap<number, number> {
  const parents = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set<number | undefined>([browserPid]);
  // A child may have a lower number than its parent, so this repeats until it finds no more.
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  const ticks = new Map<number, number>();
  for (const pid of family) {
    if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) continue;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    ticks.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[11]));
  }
  return ticks;
}
