import type { FaultName } from '../../../src/cli/doctor/front/fault-names.ts';
import { cannedAnswers } from './network-faults.ts';
import type { NetworkFaults } from './network-faults.ts';

/** A fault of a network, and how `heddle doctor` must name it. */
export interface NamedFault {
  readonly what: string;
  readonly faults: NetworkFaults;
  /** The check that must name it, and the name. */
  readonly check: string;
  readonly fault: FaultName;
}

function dropped(header: string): NamedFault {
  return {
    what: `drops ${header}`,
    faults: { requestHeaders: { [header]: null } },
    check: 'headers',
    fault: 'header',
  };
}

/** Every fault that the HTTP proxy of the tests can make. */
export const namedFaults: readonly NamedFault[] = [
  { what: 'changes Host', faults: { requestHeaders: { host: '127.0.0.1:1' } }, check: 'host', fault: 'host' },
  {
    what: 'writes an inner name into Host',
    faults: { requestHeaders: { host: 'inner' } },
    check: 'host',
    fault: 'host',
  },
  {
    what: 'changes Origin',
    faults: { requestHeaders: { origin: 'https://other.example' } },
    check: 'host',
    fault: 'origin',
  },
  { what: 'drops Origin', faults: { requestHeaders: { origin: null } }, check: 'host', fault: 'origin' },
  ...[
    'last-event-id',
    'authorization',
    'idempotency-key',
    'cookie',
    'content-type',
    'accept',
    'x-api-key',
    'mcp-session-id',
  ].map(dropped),
  {
    what: 'changes Idempotency-Key',
    faults: { requestHeaders: { 'idempotency-key': 'one' } },
    check: 'headers',
    fault: 'header',
  },
  {
    what: 'drops Set-Cookie',
    faults: { responseHeaders: { 'set-cookie': null } },
    check: 'headers',
    fault: 'reply-header',
  },
  {
    what: 'drops Heddle-Session',
    faults: { responseHeaders: { 'heddle-session': null } },
    check: 'headers',
    fault: 'reply-header',
  },
  {
    what: 'changes Cache-Control',
    faults: { responseHeaders: { 'cache-control': 'public, max-age=60' } },
    check: 'headers',
    fault: 'reply-header',
  },
  {
    what: 'drops every Content-Type',
    faults: { responseHeaders: { 'content-type': null } },
    check: 'headers',
    fault: 'reply-header',
  },
  {
    what: 'drops the Content-Type of streams',
    faults: { streamHeaders: { 'content-type': null } },
    check: 'stream',
    fault: 'content-type',
  },
  {
    what: 'makes streams text/plain',
    faults: { streamHeaders: { 'content-type': 'text/plain' } },
    check: 'stream',
    fault: 'content-type',
  },
  {
    what: 'passes X-Forwarded-For on',
    faults: { forwardedFor: 'passed' },
    check: 'address',
    fault: 'address',
  },
  { what: 'takes the query off', faults: { loseQuery: true }, check: 'headers', fault: 'query' },
  { what: 'loses bodies', faults: { loseBody: true }, check: 'body', fault: 'body-lost' },
  { what: 'refuses large bodies', faults: { longestBody: 500_000 }, check: 'body', fault: 'body-limit' },
  { what: 'refuses long URLs', faults: { longestUrl: 8_000 }, check: 'body', fault: 'url-limit' },
  { what: 'sends GETs twice', faults: { sendTwice: ['GET'] }, check: 'cache', fault: 'repeated' },
  { what: 'sends POSTs twice', faults: { sendTwice: ['POST'] }, check: 'cache', fault: 'repeated' },
  {
    what: 'loses the answers to POSTs',
    faults: { loseFirstAnswer: 'reset' },
    check: 'cache',
    fault: 'answer-lost',
  },
  {
    what: 'answers POSTs in silence',
    faults: { loseFirstAnswer: 'silence' },
    check: 'cache',
    fault: 'answer-lost',
  },
  { what: 'answers from a cache by URL', faults: { cache: true }, check: 'cache', fault: 'cached' },
  { what: 'speaks HTTP/1.0', faults: { http10: true }, check: 'cut', fault: 'clean-end' },
  { what: 'ends cuts cleanly', faults: { body: { cleanEnds: true } }, check: 'cut', fault: 'clean-end' },
  {
    what: 'signs in with a page',
    faults: { instead: { answer: cannedAnswers.signInPage } },
    check: 'reached',
    fault: 'not-heddle',
  },
  {
    what: 'signs in by a redirect',
    faults: { instead: { answer: cannedAnswers.signInRedirect } },
    check: 'reached',
    fault: 'redirect',
  },
  {
    what: 'signs in with 511',
    faults: { instead: { answer: cannedAnswers.signInRequired } },
    check: 'reached',
    fault: 'not-heddle',
  },
  {
    what: 'has no server',
    faults: { instead: { answer: cannedAnswers.badGateway } },
    check: 'reached',
    fault: 'server-down',
  },
  {
    what: 'answers POSTs with a page',
    faults: { instead: { answer: cannedAnswers.signInPage, method: 'POST' } },
    check: 'body',
    fault: 'no-answer',
  },
  { what: 'lets six in', faults: { mostAtOnce: 6 }, check: 'many', fault: 'many' },
  { what: 'holds bodies', faults: { body: { hold: 'body' } }, check: 'stream', fault: 'held' },
  { what: 'holds responses', faults: { body: { hold: 'response' } }, check: 'stream', fault: 'held' },
  { what: 'passes blocks of 4 KiB', faults: { body: { blocksOf: 4_096 } }, check: 'blocks', fault: 'blocks' },
  {
    what: 'passes blocks of 16 KiB',
    faults: { body: { blocksOf: 16_384 } },
    check: 'blocks',
    fault: 'blocks',
  },
  { what: 'flushes now and then', faults: { body: { clumpsMs: 300 } }, check: 'stream', fault: 'clumped' },
  { what: 'compresses', faults: { body: { gzip: 'flushed' } }, check: 'compression', fault: 'compressed' },
  {
    what: 'compresses without a flush',
    faults: { body: { gzip: 'unflushed' } },
    check: 'compression',
    fault: 'compression',
  },
  {
    what: 'cuts streams',
    faults: { body: { cut: { afterMs: 600, how: 'reset' } } },
    check: 'stream',
    fault: 'broken',
  },
  {
    what: 'ends streams early',
    faults: { body: { cut: { afterMs: 600, how: 'clean' } } },
    check: 'stream',
    fault: 'broken',
  },
  {
    what: 'falls silent',
    faults: { connection: { halfOpenAfterMs: 600 } },
    check: 'stream',
    fault: 'broken',
  },
  {
    what: 'hides that a reader left',
    faults: { body: { unnoticedLeaving: true } },
    check: 'leaving',
    fault: 'leaving',
  },
];
