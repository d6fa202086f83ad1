import type { Faults } from '../../../src/testing/index.ts';
import { cannedAnswers } from './network-faults.ts';
import type { NetworkFaults } from './network-faults.ts';

/** One way in which a network hurts. Times are milliseconds. */
export interface NetworkRow {
  /** The faults of the network. */
  readonly name: string;
  readonly faults?: NetworkFaults;
  /** The faults of the connections between the client and the HTTP proxy. */
  readonly tcp?: Faults;
  /** How long the agent is silent after half of its words. */
  readonly pauseMs?: number;
  /** How long the client waits between the creation of the session and its message. */
  readonly idleMs?: number;
}

/** Returns all rows. `scale` shortens or stretches their times. */
export function toNetworkRows(scale = 1): readonly NetworkRow[] {
  const lasting = (how: 'reset' | 'clean') => ({ cut: { afterMs: 2_500 * scale, how } });
  const portal = (name: keyof typeof cannedAnswers): NetworkFaults => ({
    instead: { answer: cannedAnswers[name], forMs: 4_000 * scale },
  });
  return [
    { name: 'nothing' },
    { name: 'resets every 2.5 s', faults: { body: lasting('reset') } },
    { name: 'ends cleanly every 2.5 s', faults: { body: lasting('clean') } },
    { name: 'pieces of 1–3 bytes', tcp: { down: { slice: { min: 1, max: 3 } } } },
    {
      name: '300 ms each way',
      tcp: { up: { latencyMs: 300 * scale }, down: { latencyMs: 300 * scale } },
    },
    { name: '20 kbit/s', tcp: { down: { bytesPerSecond: 2_500 / scale } } },
    { name: 'holds the body to its end', faults: { body: { hold: 'body' } } },
    { name: 'holds headers and body to the end', faults: { body: { hold: 'response' } } },
    { name: 'passes whole blocks of 4 KiB only', faults: { body: { blocksOf: 4_096 } } },
    { name: 'compresses without a flush', faults: { body: { gzip: 'unflushed' } } },
    { name: 'flushes every 2 s', faults: { body: { clumpsMs: 2_000 * scale } } },
    { name: 'half-open after 2.5 s', faults: { connection: { halfOpenAfterMs: 2_500 * scale } } },
    {
      name: 'a firewall forgets after 20 s of silence',
      faults: { connection: { forgetAfterMs: 20_000 * scale } },
      pauseMs: 22_000 * scale,
    },
    {
      name: 'a firewall forgets after 10 s of silence',
      faults: { connection: { forgetAfterMs: 10_000 * scale } },
      pauseMs: 12_000 * scale,
    },
    {
      name: 'a POST on a pooled connection that died in silence',
      faults: { connection: { forgetAfterMs: 1_000 * scale, first: 1 } },
      idleMs: 1_500 * scale,
    },
    { name: 'captive portal for 4 s: 200 with HTML', faults: portal('signInPage') },
    { name: 'captive portal for 4 s: 302', faults: portal('signInRedirect') },
    { name: 'captive portal for 4 s: 511', faults: portal('signInRequired') },
    { name: 'takes `content-type` off streams', faults: { streamHeaders: { 'content-type': null } } },
    { name: 'makes it `text/plain` on streams', faults: { streamHeaders: { 'content-type': 'text/plain' } } },
    { name: 'takes off every `content-type`', faults: { responseHeaders: { 'content-type': null } } },
    {
      name: 'the same, and holds the body to its end',
      faults: { responseHeaders: { 'content-type': null }, body: { hold: 'body' } },
    },
    {
      name: 'takes off `Last-Event-ID`, and resets every 2.5 s',
      faults: { requestHeaders: { 'last-event-id': null }, body: lasting('reset') },
    },
    { name: 'takes off `Idempotency-Key`', faults: { requestHeaders: { 'idempotency-key': null } } },
    {
      name: 'takes off the query, and resets every 2.5 s',
      faults: { loseQuery: true, body: lasting('reset') },
    },
    { name: 'HTTP/1.0 upstream', faults: { http10: true, body: { cleanEnds: true } } },
    {
      name: 'answers GETs from a cache by URL, and ends every 2.5 s',
      faults: { cache: true, body: lasting('clean') },
    },
    {
      name: 'the same cache, and holds the body to its end',
      faults: { cache: true, body: { hold: 'body', ...lasting('clean') } },
    },
    { name: 'sends every POST twice', faults: { sendTwice: ['POST'] } },
    { name: 'sends every GET twice', faults: { sendTwice: ['GET'] } },
    { name: 'loses the first answer to each POST, by a reset', faults: { loseFirstAnswer: 'reset' } },
    { name: 'the same, in silence', faults: { loseFirstAnswer: 'silence' } },
  ];
}
