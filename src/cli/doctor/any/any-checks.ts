import { bad, fine, skipped, worth } from '../check.ts';
import type { CheckFinding } from '../check.ts';
import { findFront, frontNames } from '../front/find-front.ts';
import { toTime } from '../stream/judge-stream.ts';
import type { WatchedStream } from './watch-stream.ts';

type Seen = Extract<WatchedStream, { isStream: true }>;

/** One check of a stream of any server, over what was seen of it. */
interface AnyCheck {
  readonly name: string;
  judge(watched: WatchedStream): CheckFinding;
}

function check(name: string, judge: (seen: Seen) => CheckFinding): AnyCheck {
  return { name, judge: (seen) => (seen.isStream ? judge(seen) : skipped('depends on reached')) };
}

/** The checks of a stream of any server. It is not known when its bytes were sent. */
export const anyChecks: readonly AnyCheck[] = [
  {
    name: 'reached',
    judge: (seen) =>
      seen.isStream
        ? fine(
            `200 in ${toTime(seen.response.headersMs)}, ${seen.response.headers['content-type']}, ${seen.line.version}`,
          )
        : seen.finding,
  },
  check('front', ({ response: { headers } }) => {
    const front = findFront(headers);
    return front === undefined
      ? fine('nothing names itself in front', {})
      : fine(`${frontNames[front]} in front`, { front });
  }),
  check('headers', ({ response: { headers } }) => {
    const { 'cache-control': cache = '' } = headers;
    return /no-(store|cache)/.test(cache)
      ? fine(`Cache-Control: ${cache}`)
      : worth(
          'cached',
          `Cache-Control ${cache === '' ? 'is missing' : `is ${cache}`}: caches may keep the stream; no-store forbids it`,
        );
  }),
  check('compression', ({ response: { headers } }) => {
    const { 'content-encoding': encoding = 'identity' } = headers;
    return encoding === 'identity'
      ? fine('the stream is not compressed')
      : worth('compressed', `the stream is compressed (${encoding})`, { encoding });
  }),
  check('first', ({ body }) => {
    const [first] = body.chunks;
    if (first === undefined)
      return worth('held', `no byte in ${toTime(body.endMs)}: the stream is silent, or held back`);
    return first.atMs > 1_000
      ? worth('late', `the first byte comes after ${toTime(first.atMs)}`)
      : fine(`the first byte comes after ${toTime(first.atMs)}`);
  }),
  check('gaps', judgeGaps),
  check('keepalives', ({ events, body }) =>
    events.commentsMs.length > 0
      ? fine(`${events.commentsMs.length} comments in ${toTime(body.endMs)}, as keepalives`)
      : fine(`no comments in ${toTime(body.endMs)}; a silent stream needs one every 15 s or so`),
  ),
  check('ids', ({ events }) => {
    if (events.wrong !== undefined) return bad('broken', `the bytes are no event stream: ${events.wrong}`);
    if (events.atMs.length === 0) return skipped('no event came');
    return events.withId > 0
      ? fine(`${events.withId} ids with ${events.atMs.length} events`)
      : worth('header', 'the events have no id, so a client that comes back begins anew');
  }),
  check('retry', ({ events: { retryMs } }) =>
    retryMs === undefined
      ? fine('no retry: clients choose when they come back')
      : retryMs > 60_000
        ? worth('late', `retry: clients come back only after ${toTime(retryMs)}`, { retryMs })
        : fine(`retry: ${toTime(retryMs)}`, { retryMs }),
  ),
  check('resume', ({ resumed, events }) => {
    if (events.lastId === '') return skipped('depends on ids');
    if (resumed === undefined) return worth('header', 'a second request with Last-Event-ID has no answer');
    if (resumed.status === 204)
      return fine('a second request with Last-Event-ID is told that the stream is over');
    if (resumed.status !== 200)
      return worth('header', `a second request with Last-Event-ID is answered with status ${resumed.status}`);
    return resumed.firstId === events.firstId
      ? worth('header', 'a second request with Last-Event-ID begins anew: the header is lost, or not read')
      : fine('a second request with Last-Event-ID goes on');
  }),
  check('end', ({ body: { end, endMs } }) => {
    if (end === 'clean') return fine(`the stream ends cleanly after ${toTime(endMs)}`);
    return end === 'cut'
      ? worth('broken', `the stream is cut after ${toTime(endMs)}`)
      : fine(`the stream still goes on after ${toTime(endMs)}`);
  }),
];

/** Several events in one piece may be a burst of the sender: only their size is told, not their cause. */
function judgeGaps({ body, events }: Seen): CheckFinding {
  const { atMs } = events;
  if (atMs.length < 3) return fine(`${atMs.length} events in ${toTime(body.endMs)}`);
  const bursts = atMs.filter((at, index) => index === 0 || at - (atMs[index - 1] ?? 0) > 5);
  const longest = Math.max(...bursts.map((at, index) => at - (bursts[index - 1] ?? at)));
  const bytes = body.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  const size = `${Number((bytes / bursts.length / 1024).toFixed(1))} KiB`;
  const measured = { events: atMs.length, bursts: bursts.length, longestGapMs: Math.round(longest) };
  return bursts.length < 0.5 * atMs.length
    ? worth(
        'clumped',
        `${atMs.length} events came in ${bursts.length} bursts of ${size}; the longest gap was ${toTime(longest)}`,
        measured,
      )
    : fine(`${atMs.length} events came one by one; the longest gap was ${toTime(longest)}`, measured);
}
