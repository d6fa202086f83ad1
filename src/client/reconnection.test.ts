import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { budget, goodMs } from './backoff.ts';
import { ClientError } from './client-error.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { begin, stepConnection } from './reconnection.ts';
import type { ConnectionHappening, Policy, Reconnection, State, Via } from './reconnection.ts';

const forEver: Policy = { tries: Infinity, renewable: false };
const error = new ClientError('unreachable', 'Gone.');
const lost = (liveMs = 0, retryMs?: number): AttemptEnd => ({
  type: 'lost',
  liveMs,
  error,
  ...(retryMs !== undefined && { retryMs }),
});
const refused = (status: number, retryAfterMs?: number): AttemptEnd => ({
  type: 'refused',
  status,
  isOwn: true,
  error,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
/** A refusal that does not come from a Heddle server. */
const stranger = (status: number): AttemptEnd => ({ type: 'refused', status, isOwn: false, error });
const gap: AttemptEnd = { type: 'gap', error };
const unanswered: AttemptEnd = { type: 'unanswered', error };
const silent: AttemptEnd = { type: 'lost', liveMs: 20_000, isSilent: true, error };
const strange: AttemptEnd = { type: 'strange', error };
const held: AttemptEnd = { type: 'held', error };

/** Returns the state after a connection ended this way. */
function end(
  was: Reconnection,
  ended: AttemptEnd,
  policy: Policy = forEver,
  { now = 1e9, random = 0.999 } = {},
): Reconnection {
  return stepConnection({ ...was, state: 'connecting' }, { type: 'ended', ended }, policy, { now, random });
}

/** Returns the state after a good response. */
const open = (was: Reconnection, policy = forEver): Reconnection =>
  stepConnection({ ...was, state: 'connecting' }, { type: 'opened' }, policy, { now: 1e9, random: 0.999 });

function toWait(at: Reconnection, now: number): number {
  expect(at.state).toBe('waiting');
  return (at.until ?? NaN) - now;
}

/** Ends the same way again and again, and waits each time as long as required. Returns the waits. */
function run(times: number, ended: AttemptEnd, random: number, policy = forEver): readonly number[] {
  let at = begin(0);
  let now = 0;
  return Array.from({ length: times }, () => {
    at = end(at, ended, policy, { now, random });
    const wait = toWait(at, now);
    now += wait;
    at = stepConnection(at, { type: 'due' }, policy, { now, random });
    expect(at.state).toBe('connecting');
    return wait;
  });
}

describe('what happens to a connection', () => {
  const states: readonly State[] = ['connecting', 'live', 'waiting', 'away', 'closed'];
  const happenings: Readonly<Record<string, ConnectionHappening>> = {
    opened: { type: 'opened' },
    over: { type: 'ended', ended: { type: 'over' } },
    lost: { type: 'ended', ended: lost() },
    silent: { type: 'ended', ended: silent },
    unanswered: { type: 'ended', ended: unanswered },
    gap: { type: 'ended', ended: gap },
    strange: { type: 'ended', ended: strange },
    held: { type: 'ended', ended: held },
    rested: { type: 'ended', ended: { type: 'rested' } },
    'refused for now': { type: 'ended', ended: refused(503) },
    'refused for good': { type: 'ended', ended: refused(404) },
    'refused by a stranger': { type: 'ended', ended: stranger(404) },
    broken: { type: 'ended', ended: { type: 'broken', error } },
    due: { type: 'due' },
    online: { type: 'online' },
    woke: { type: 'woke' },
    'shown soon': { type: 'shown', silentMs: 1_000 },
    'shown late': { type: 'shown', silentMs: 20_000 },
    hidden: { type: 'hidden' },
    left: { type: 'left' },
    back: { type: 'back' },
    close: { type: 'close' },
  };
  const policy: Policy = { ...forEver, canPoll: true };
  const step = (state: State, what: ConnectionHappening, via: Via = 'sse'): [Reconnection, Reconnection] => {
    const was: Reconnection = { ...begin(0), state, via };
    return [was, stepConnection(was, what, policy, { now: 1e6, random: 0.5 })];
  };

  /** Returns what the client does then, as decision 007 names it. */
  function toAct(was: Reconnection, now: Reconnection): string {
    if (now.attempt > was.attempt)
      return now.via === was.via ? 'attempt' : now.via === 'sse' ? 'stream' : 'poll';
    if (now.state === 'waiting') return 'wait';
    if (now.state === 'away') return 'let-go';
    if (now.state === 'closed') return now.error ? 'throw' : 'end';
    return '';
  }

  /** A row as decision 007 prints it: a cell names the next state if it is another one, and the act. */
  function toRow(name: string, what: ConnectionHappening): string {
    const cells = states.slice(0, -1).map((state) => {
      const [was, now] = step(state, what, name === 'rested' ? 'long-poll' : 'sse');
      if (now === was) return '';
      return [now.state === state ? '' : `→ ${now.state}`, toAct(was, now)].filter(Boolean).join(', ');
    });
    return `| ${[name, ...cells].join(' | ')} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
  }

  const page = readFileSync(
    new URL('../../docs/decisions/007-reconnecting-is-a-table.md', import.meta.url),
    'utf8',
  );
  const printed = page.split('\n').filter((line) => /^\| [a-z]/.test(line));

  test('the decision prints a row for every happening', () => {
    expect(page).toContain(`\n| | ${states.slice(0, -1).join(' | ')} |\n`);
    expect(printed.map((row) => row.split(' | ')[0]?.slice(2))).toEqual(Object.keys(happenings));
  });

  test.each(Object.entries(happenings))('the row of the decision is that of the code: %s', (name, what) => {
    expect(printed).toContain(toRow(name, what));
  });

  test.each(Object.entries(happenings))('a closed connection stays as it is: %s', (_, what) => {
    const [was, now] = step('closed', what);
    expect(now).toBe(was);
  });

  test.each(['online', 'woke', 'shown late', 'hidden', 'left'])(
    'a request that may start the same work twice is not repeated: %s',
    (name) => {
      const policy: Policy = { ...forEver, asksOnce: true };
      for (const state of ['connecting', 'live'] as const) {
        const was: Reconnection = { ...begin(0), state };
        const what = happenings[name];
        if (what === undefined) throw new Error(name);
        expect(stepConnection(was, what, policy, { now: 1e6, random: 0.5 })).toBe(was);
      }
    },
  );
});

describe('after a connection ended', () => {
  test('it is tried again within 250 ms the first time', () => {
    expect(toWait(end(begin(0), lost()), 1e9)).toBeLessThanOrEqual(250);
  });

  test('the range of waits doubles up to 30 s', () => {
    expect(run(12, lost(), 1).slice(-7)).toEqual([8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  });

  test('at most five attempts begin in ten seconds even if the random number is always 0', () => {
    expect(run(20, lost(), 0).filter((ms) => ms > 0)).toEqual([10_000, 10_000, 10_000, 10_000]);
  });

  test('the count of failures is reset only if a stream was good for a while', () => {
    const worn = { ...begin(0), failed: 6 };
    expect(end(worn, lost(goodMs - 1)).failed).toBe(7);
    expect(end(worn, lost(goodMs)).failed).toBe(1);
    expect(toWait(end(worn, lost(goodMs)), 1e9)).toBeLessThanOrEqual(250);
  });

  test("the server's retry value is the base of the wait, clamped to 250 ms and 60 s", () => {
    const base = (told: number): number => {
      const first = end(begin(0), lost(0, told), forEver, { now: 0, random: 1 });
      return toWait(end(first, lost(), forEver, { now: 0, random: 1 }), 0);
    };
    expect([0, 3_000, 99_999_999_999].map(base)).toEqual([250, 3_000, 60_000]);
  });

  test('it waits at least as long as Retry-After says, also if the page is shown meanwhile', () => {
    for (const status of [429, 503]) {
      const at = end(begin(0), refused(status, 7_000), forEver, { now: 0, random: 0 });
      expect(toWait(at, 0)).toBe(7_000);
      const early = stepConnection(at, { type: 'shown', silentMs: 1e6 }, forEver, { now: 6_999, random: 0 });
      expect(early).toMatchObject({ state: 'waiting', until: 7_000 });
      const late = stepConnection(at, { type: 'shown', silentMs: 1e6 }, forEver, { now: 7_000, random: 0 });
      expect(late.state).toBe('connecting');
    }
  });

  test('a request without an answer is sent again at once, and later ones wait', () => {
    const policy: Policy = { ...forEver, tries: 6 };
    const first = end(begin(0), unanswered, policy);
    expect(first).toMatchObject({ state: 'connecting', attempt: 2, unanswered: 1 });
    const second = end(first, unanswered, policy);
    expect(toWait(second, 1e9)).toBeLessThanOrEqual(250);
    // It does not make the wait after another failure longer.
    expect(toWait(end(first, lost(), policy), 1e9)).toBeLessThanOrEqual(250);
  });

  test('a request without an answer counts among the tries', () => {
    expect(end(begin(0), unanswered, { ...forEver, tries: 1 })).toMatchObject({ state: 'closed', error });
    const twice: Policy = { ...forEver, tries: 2 };
    expect(end(end(begin(0), unanswered, twice), unanswered, twice).state).toBe('closed');
  });

  test('a huge Retry-After does not overflow the timer', () => {
    expect(toWait(end(begin(0), refused(503, 1e15), forEver, { now: 0, random: 0 }), 0)).toBe(600_000);
  });

  test.each([400, 401, 403, 404, 405, 409, 410, 413, 415, 422])('%i is final', (status) => {
    expect(end(begin(0), refused(status))).toMatchObject({ state: 'closed', error });
  });

  test.each([301, 408, 425, 429, 500, 502, 503, 504])('%i is not', (status) => {
    expect(end(begin(0), refused(status)).state).toBe('waiting');
  });

  test.each([400, 403, 404, 405, 410, 421, 422, 429])(
    '%i from something other than Heddle is retried for ever once the server is known',
    (status) => {
      let at = open(begin(0));
      for (let times = 0; times < 100; times += 1) at = end(at, stranger(status));
      expect(at).toMatchObject({ state: 'waiting', error });
    },
  );

  test('if no server was ever found, the tenth refusal by something other than Heddle is final', () => {
    let at = begin(0);
    for (let times = 1; times < 10; times += 1) {
      at = end(at, stranger(404));
      expect(at.state).toBe('waiting');
    }
    expect(end(at, stranger(302)).state).toBe('waiting');
    expect(end(at, stranger(404))).toMatchObject({ state: 'closed', error });
  });

  test.each([401, 413])('%i is final from any source', (status) => {
    expect(end(open(begin(0)), stranger(status)).state).toBe('closed');
  });

  test.each([403, 404, 410])('%i is final if the server may be of any make', (status) => {
    expect(end(open(begin(0)), stranger(status), { ...forEver, anyMake: true }).state).toBe('closed');
  });

  test('after a 401 the headers are made anew once, if they can be', () => {
    const policy = { ...forEver, renewable: true };
    const first = end(begin(0), refused(401), policy);
    expect(first.state).toBe('waiting');
    expect(end(first, refused(401), policy).state).toBe('closed');
    const good = end(first, lost(goodMs), policy);
    expect(end(good, refused(401), policy).state).toBe('waiting');
  });

  test('it gives up after gaps on three connections in a row', () => {
    const second = end(end(begin(0), gap), gap);
    expect(end(second, gap).state).toBe('closed');
    expect(end(end(second, lost()), gap).state).toBe('waiting');
  });

  test('it gives up after the given number of tries', () => {
    const policy = { tries: 2, renewable: false };
    expect(end(end(begin(0), lost(), policy), lost(), policy).state).toBe('closed');
  });

  test('a caller that waits for a response learns at once that a queue is full', () => {
    expect(end(begin(0), refused(429), { tries: 6, renewable: false }).state).toBe('closed');
  });
});

describe('on a network that blocks streams', () => {
  const policy: Policy = { ...forEver, canPoll: true };

  test('a stream that is held back is replaced by polls at once, and tried again later', () => {
    const polling = end(begin(0), held, policy);
    expect(polling).toMatchObject({ state: 'connecting', via: 'long-poll' });
    expect(end(polling, { type: 'rested' }, policy)).toMatchObject({ state: 'connecting', via: 'sse' });
  });

  test('the second stream in a row that brought bytes and fell silent is replaced by polls at once', () => {
    const once = end(begin(0), silent, policy);
    expect(once).toMatchObject({ state: 'waiting', via: 'sse', silences: 1 });
    expect(end(once, silent, policy)).toMatchObject({ state: 'connecting', via: 'long-poll', silences: 0 });
    expect(end(end(once, lost(), policy), silent, policy)).toMatchObject({ via: 'sse', silences: 1 });
    expect(end(once, silent)).toMatchObject({ state: 'waiting', via: 'sse' });
    const polling = end(begin(0), held, policy);
    expect(end(open(polling, policy), silent, policy).silences).toBe(0);
  });

  test('headers may be made anew again each time polling worked for a while', () => {
    const renewable = { ...policy, renewable: true };
    const renewed = end(end(begin(0), held, renewable), refused(401), renewable);
    expect(renewed).toMatchObject({ state: 'waiting', renewed: true });
    expect(end(end(renewed, { type: 'rested' }, renewable), refused(401), renewable).state).toBe('waiting');
  });

  test('polling continues after lost connections', () => {
    const polling = open(end(begin(0), held, policy), policy);
    const what: ConnectionHappening = { type: 'ended', ended: lost() };
    expect(stepConnection(polling, what, policy, { now: 1e9, random: 0 }).via).toBe('long-poll');
  });

  test('if a poll is not answered either, the network failed, and a stream is tried next', () => {
    expect(end(end(begin(0), held, policy), lost(), policy)).toMatchObject({ state: 'waiting', via: 'sse' });
  });

  test('after a second strange response in a row it tries the other way', () => {
    const once = end(begin(0), strange, policy);
    expect(once.via).toBe('sse');
    const twice = end(once, strange, policy);
    expect(twice.via).toBe('long-poll');
    expect(end(twice, strange, policy).via).toBe('sse');
    expect(end(end(begin(0), strange), strange).via).toBe('sse');
  });

  test('after a second poll in a row that something else refuses, it tries a stream', () => {
    const once = end(end(begin(0), held, policy), stranger(404), policy);
    expect(once).toMatchObject({ state: 'waiting', via: 'long-poll' });
    expect(end(once, stranger(404), policy)).toMatchObject({ state: 'waiting', via: 'sse' });
    const streaming = end(end(begin(0), stranger(404), policy), stranger(404), policy);
    expect(streaming.via).toBe('sse');
  });
});

describe('behaving as an EventSource', () => {
  const plain: Policy = { ...forEver, plain: true };

  test.each([500, 503, 429, 301, 210])('%i is final', (status) => {
    expect(end(begin(0), refused(status), plain).state).toBe('closed');
  });

  test('another content type is final', () => {
    expect(end(begin(0), strange, plain).state).toBe('closed');
  });

  test("each wait is the server's retry value, or 3 s", () => {
    expect(run(3, lost(), 0, plain)).toEqual([3_000, 3_000, 3_000]);
    expect(run(3, lost(0, 4_000), 0.5, plain)).toEqual([4_000, 4_000, 4_000]);
  });
});

test('attempts never make a storm, and never wait longer than the limit, whatever happens', () => {
  const ended = fc.oneof(
    fc
      .record({ liveMs: fc.nat(60_000), retryMs: fc.option(fc.double({ noNaN: true }), { nil: undefined }) })
      .map(({ liveMs, retryMs }) => lost(liveMs, retryMs)),
    fc
      .record({
        status: fc.constantFrom(408, 429, 500, 503),
        after: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
      })
      .map(({ status, after }) => refused(status, after)),
    fc.constantFrom<AttemptEnd>(held, strange, silent, unanswered, { type: 'rested' }),
  );
  const what: fc.Arbitrary<ConnectionHappening> = fc.oneof(
    ended.map((how): ConnectionHappening => ({ type: 'ended', ended: how })),
    fc.constantFrom<ConnectionHappening>(
      { type: 'opened' },
      { type: 'due' },
      { type: 'online' },
      { type: 'woke' },
      { type: 'shown', silentMs: 1e6 },
      { type: 'hidden' },
      { type: 'left' },
      { type: 'back' },
    ),
  );
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const policies = fc.constantFrom<Policy>(
    forEver,
    { ...forEver, canPoll: true },
    { ...forEver, plain: true },
  );
  fc.assert(
    fc.property(
      policies,
      fc.array(fc.tuple(what, chance, fc.nat(3_000)), { maxLength: 80 }),
      (policy, all) => {
        let at = begin(0);
        let now = 0;
        const starts = [0];
        for (const [happening, random, later] of all) {
          now += later;
          if (happening.type === 'due') now = Math.max(now, at.until ?? 0);
          const was = at;
          at = stepConnection(was, happening, policy, { now, random });
          if (at.attempt > was.attempt) starts.push(now);
          if (at.state === 'waiting') expect((at.until ?? NaN) - now).toBeLessThanOrEqual(660_000);
        }
        for (const [index, start] of starts.entries()) {
          const later = starts[index + budget.attempts];
          if (later !== undefined) expect(later - start).toBeGreaterThanOrEqual(budget.windowMs);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
