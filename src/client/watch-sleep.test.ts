import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchPage } from './page-life.ts';
import type { PageChange } from './page-life.ts';
import { watchSleep } from './watch-sleep.ts';
import type { SleepWatch } from './watch-sleep.ts';

let watch: SleepWatch;
const onWake = vi.fn();
beforeEach(() => {
  vi.useFakeTimers();
  onWake.mockReset();
  watch = watchSleep(onWake);
});
afterEach(() => {
  watch.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Lets the machine sleep: no timer runs, the wall clock goes on, and the clock of running time may stop. */
function sleep(ms: number, doBothGoOn: boolean): void {
  vi.setSystemTime(Date.now() + ms);
  if (doBothGoOn) {
    const { now } = performance;
    vi.stubGlobal('performance', { now: () => now.call(performance) + ms });
  }
}

describe.each([
  ['stands still meanwhile', false],
  ['goes on meanwhile', true],
])('where the clock of running time %s', (_, doBothGoOn) => {
  test('a sleep is noticed at the next tick, once', () => {
    vi.advanceTimersByTime(60_000);
    expect(onWake).not.toHaveBeenCalled();
    sleep(3_600_000, doBothGoOn);
    vi.advanceTimersByTime(2_000);
    expect(onWake).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(onWake).toHaveBeenCalledTimes(1);
  });

  test('a short sleep does not count', () => {
    sleep(10_000, doBothGoOn);
    vi.advanceTimersByTime(2_000);
    expect(onWake).not.toHaveBeenCalled();
  });

  test('a stopped watch reports nothing', () => {
    watch.stop();
    sleep(3_600_000, doBothGoOn);
    vi.advanceTimersByTime(60_000);
    expect(onWake).not.toHaveBeenCalled();
  });
});

test('a wall clock that is set back is no sleep', () => {
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(2_000);
  expect(onWake).not.toHaveBeenCalled();
});

describe('in a hidden page', () => {
  beforeEach(() => vi.stubGlobal('document', { visibilityState: 'hidden' }));

  test('a late timer is no sleep, because all timers are late there', () => {
    sleep(60_000, true);
    vi.advanceTimersByTime(2_000);
    expect(onWake).not.toHaveBeenCalled();
  });

  test('a difference between the two clocks is a sleep', () => {
    sleep(60_000, false);
    vi.advanceTimersByTime(2_000);
    expect(onWake).toHaveBeenCalledTimes(1);
  });
});

test('a page that is shown again after late timers has not slept', () => {
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  const window = new EventTarget();
  vi.stubGlobal('document', document);
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  const changes: PageChange[] = [];
  const stop = watchPage((change) => changes.push(change));
  sleep(60_000, true);
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  vi.advanceTimersByTime(10_000);
  stop();
  expect(changes).toEqual(['hidden', 'shown']);
});

test('each change of a page is reported: freeze, resume, pagehide, pageshow and online', () => {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', document);
  const changes: PageChange[] = [];
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const stop = watchPage((change) => changes.push(change));
  for (const type of ['freeze', 'resume']) document.dispatchEvent(new Event(type));
  for (const type of ['pagehide', 'pageshow', 'online']) page.dispatchEvent(new Event(type));
  stop();
  document.dispatchEvent(new Event('freeze'));
  page.dispatchEvent(new Event('online'));
  expect(changes).toEqual(['left', 'back', 'left', 'back', 'online']);
});
