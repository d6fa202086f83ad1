import type { Answer } from './answer.ts';
import { retryMs } from './answer.ts';
import type { Fault, FaultView } from './fault.ts';
import {
  comeback,
  comebackAndPhantoms,
  comebackNotBefore,
  losses,
  requests,
  resumesAfter,
  survival,
} from './measures.ts';
import { recording, tally, toBytes } from './recording.ts';

const whole = toBytes(recording, retryMs);
const firstFive = toBytes(recording.slice(0, 5), retryMs);
const cutEvery = 13;
const retryAfterS = 3;
const silenceMs = 1_500;
const quietMs = 6_000;
// This limit is not measured. On a busy machine streams may take this long.
const longMs = 120_000;

const rest: Answer = { type: 'rest', end: 'hold' };
const html = '<!doctype html>\n<title>Oops</title>\n\ndata: this is a page\n\n';
const page = (status: number, headers?: Readonly<Record<string, string>>): Answer => ({
  type: 'page',
  status,
  body: html,
  ...(headers && { headers }),
});
const stream = (bytes: string | Uint8Array, end: 'end' | 'reset' | 'hold'): Answer => ({
  type: 'stream',
  bytes,
  end,
});
const cuts = (end: 'end' | 'reset'): Answer[][] =>
  Array.from({ length: Math.ceil(whole.length / cutEvery) }, (_, index) => [
    stream(whole.subarray(0, index * cutEvery), end),
    rest,
  ]);

const hasAll = ({ received }: FaultView): boolean => tally(received).lost === 0;
const askedTwice = (seen: FaultView): boolean => seen.requests.length >= 2;
const askedThrice = (seen: FaultView): boolean => seen.requests.length >= 3;

/** The rows of the table. */
export const faults: readonly Fault[] = [
  {
    name: `reset at every ${cutEvery}th byte of ${recording.length} events, a stream each (${cuts('reset').length})`,
    streams: cuts('reset'),
    forMs: longMs,
    quietMs,
    isOver: hasAll,
    job: { last: recording.at(-1)?.data },
    measure: losses,
  },
  {
    name: 'clean end at each of these bytes',
    streams: cuts('end'),
    forMs: longMs,
    quietMs,
    isOver: hasAll,
    job: { last: recording.at(-1)?.data },
    measure: losses,
  },
  {
    name: 'clean end after each event, in 10 s',
    streams: [[{ type: 'rest', count: 1, end: 'end' }]],
    forMs: 10_000,
    measure: requests,
  },
  {
    name: 'ends each stream before its first event, in 10 s',
    streams: [[stream('', 'end')]],
    forMs: 10_000,
    measure: requests,
  },
  {
    name: 'closes each connection without an answer, in 10 s',
    streams: [[{ type: 'none' }]],
    forMs: 10_000,
    measure: requests,
  },
  {
    name: `503 with \`Retry-After: ${retryAfterS}\`, once: asks again`,
    streams: [[page(503, { 'retry-after': String(retryAfterS) }), rest]],
    forMs: 8_000,
    isOver: hasAll,
    measure: comebackNotBefore(retryAfterS * 1_000),
  },
  {
    name: '500 with a page of HTML, once: asks again',
    streams: [[page(500), rest]],
    forMs: 8_000,
    isOver: hasAll,
    measure: comebackAndPhantoms,
  },
  {
    name: '502 with a page of HTML, once: asks again',
    streams: [[page(502), rest]],
    forMs: 8_000,
    isOver: hasAll,
    measure: comebackAndPhantoms,
  },
  {
    name: '200 with a page of HTML, once: asks again',
    streams: [[page(200), rest]],
    forMs: 8_000,
    isOver: hasAll,
    measure: comebackAndPhantoms,
  },
  { name: '401 always, in 10 s', streams: [[page(401)]], forMs: 10_000, measure: requests },
  {
    name: '`retry: 0` and a reset, always, in 1.5 s',
    streams: [[stream('retry: 0\ndata: x\n\n', 'reset')]],
    forMs: 1_500,
    isBusy: true,
    about: 'retry',
    measure: requests,
  },
  {
    name: '`retry: 99999999999` and a reset, always, in 1.5 s',
    streams: [[stream('retry: 99999999999\ndata: x\n\n', 'reset')]],
    forMs: 1_500,
    isBusy: true,
    about: 'retry',
    measure: requests,
  },
  {
    name: 'silence on a connection that stays open, watched for 8 s: asks again',
    streams: [[stream(firstFive, 'hold'), rest]],
    forMs: 8_000,
    isOver: askedTwice,
    job: { silenceMs },
    measure: comeback,
  },
  {
    name: 'id `🧵7`, then a reset: resumes after',
    streams: [[stream(`retry: ${retryMs}\nid: 🧵7\ndata: x\n\n`, 'reset'), rest]],
    forMs: 5_000,
    isOver: askedTwice,
    about: 'ids',
    measure: resumesAfter(1),
  },
  {
    name: 'id `1`, then an id with a NUL, then a reset: resumes after',
    streams: [[stream(`retry: ${retryMs}\nid: 1\ndata: x\n\nid: 2\0\ndata: y\n\n`, 'reset'), rest]],
    forMs: 5_000,
    isOver: askedTwice,
    about: 'ids',
    measure: resumesAfter(1),
  },
  {
    name: 'id `1`, then an empty id, then a reset: resumes after',
    streams: [[stream(`retry: ${retryMs}\nid: 1\ndata: x\n\nid:\ndata: y\n\n`, 'reset'), rest]],
    forMs: 5_000,
    isOver: askedTwice,
    about: 'ids',
    measure: resumesAfter(1),
  },
  {
    name: 'id `5`, then a resumed stream that ends before any id: resumes after',
    streams: [[stream(firstFive, 'reset'), stream(': nothing yet\n\n', 'reset'), rest]],
    forMs: 8_000,
    isOver: askedThrice,
    about: 'ids',
    measure: resumesAfter(2),
  },
  {
    name: 'one byte at a time, in the middle of characters too',
    streams: [[{ type: 'stream', bytes: whole, end: 'hold', chunk: 1 }]],
    forMs: longMs,
    quietMs,
    isOver: hasAll,
    measure: losses,
  },
  {
    name: 'the application throws at the third event',
    streams: [[rest]],
    job: { throwsAt: recording[2]?.data },
    forMs: 3_000,
    measure: losses,
  },
  {
    name: 'a Node process that only waits to come back',
    streams: [[stream(`retry: 1000\nid: 1\ndata: x\n\n`, 'reset'), rest]],
    forMs: 8_000,
    isOver: askedTwice,
    about: 'process',
    job: { mayExit: true },
    measure: survival,
  },
];
