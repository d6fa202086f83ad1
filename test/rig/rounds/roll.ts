import { setTimeout as delay } from 'node:timers/promises';
import { check, createHistory, followPlainly } from '../../../src/testing/index.ts';
import type { History, HistoryRecorder, Random, Violation } from '../../../src/testing/index.ts';
import { startBalancer } from '../balancer.ts';
import { startServerChild } from '../server-child.ts';
import type { ServerChild } from '../server-child.ts';
import { postSession, fetchQuietLog, send } from '../http-client.ts';
import { findPort, startRedis } from '../redis-server.ts';

export interface RollOptions {
  readonly streams: number;
  readonly sessions: number;
  readonly nodes: number;
  /** The time between two words of a turn, in milliseconds. */
  readonly paceMs: number;
  /** The pause before each restart, in milliseconds. */
  readonly restMs: number;
  readonly random: Random;
}

export interface RollResult {
  readonly history: History;
  readonly violations: readonly Violation[];
  /** For each node: its exit code, and the time from the signal to its end. */
  readonly ends: readonly { readonly code: number | null; readonly ms: number }[];
  /**
   * When a reader reconnected and got a response, in milliseconds, in order. First connections are not in it.
   */
  readonly returns: readonly { readonly atMs: number; readonly status: number }[];
}

/**
 * Restarts each of several nodes over one Redis behind nginx, while turns run in all sessions and readers
 * follow them. Then checks the history.
 */
export async function roll(options: RollOptions): Promise<RollResult> {
  const { streams, sessions, nodes, paceMs, restMs, random } = options;
  const cleanups: (() => unknown)[] = [];
  try {
    const redis = await startRedis({ appendonly: 'yes', appendfsync: 'everysec' });
    cleanups.push(redis.stop);
    const start = (port: number): Promise<ServerChild> =>
      startServerChild(
        Object.entries({ redis: redis.url, port, pace: paceMs, lease: 10_000, keepalive: 15_000 }).flatMap(
          ([name, value]) => [`--${name}`, String(value)],
        ),
      );
    const ports: number[] = [];
    for (let node = 0; node < nodes; node += 1) ports.push(await findPort());
    const running = new Map(await Promise.all(ports.map(async (port) => [port, await start(port)] as const)));
    cleanups.push(() => Promise.all([...running.values()].map((node) => node.kill())));
    const balancer = await startBalancer(ports, streams * 4 + 256);
    cleanups.push(balancer.stop);

    const history = createHistory();
    const leave = new AbortController();
    cleanups.push(() => leave.abort());
    const rooms = await Promise.all(
      Array.from({ length: sessions }, () => createRoom(balancer.url, history)),
    );
    const returns: { atMs: number; status: number }[] = [];
    const seats = rooms.flatMap((room, index) =>
      Array.from({ length: Math.ceil((streams - index) / sessions) }, () => room),
    );
    const readers = seats.map(({ session, onEnd }, index) => {
      const reader = history.reader({ reader: String(index), session, principal: 'anonymous' });
      let isFirst = true;
      void followPlainly({
        url: `${balancer.url}/stream/${session}`,
        reader,
        signal: leave.signal,
        readTimeoutMs: 40_000,
        // As an EventSource does: wait as long as the server's `retry` asks.
        pauseMs: (retryMs = 3_000) => retryMs,
        onConnect: (status) => {
          if (!isFirst) returns.push({ atMs: performance.now(), status });
          isFirst &&= status !== 200;
        },
        onReceived: ({ event }) => {
          if (event.type === 'message_end' && 'turn' in event) onEnd(event.turn);
        },
      });
      return { reader, session };
    });

    const rest = new AbortController();
    cleanups.push(() => rest.abort());
    const talks = rooms.map((room, index) => room.talk(random.fork(index), rest.signal));
    const ends: RollResult['ends'][number][] = [];
    for (const [port, node] of running) {
      await delay(restMs);
      const begun = performance.now();
      const code = await node.end();
      ends.push({ code, ms: performance.now() - begun });
      running.set(port, await start(port));
    }
    await delay(restMs);
    rest.abort();
    await Promise.all(talks);
    for (const { session, sent } of rooms)
      history.log(await fetchQuietLog(() => balancer.url, session, sent(), 20_000));
    const lasts = new Map(
      history.toHistory().logs.map(({ session, entries }) => [session, entries.at(-1)?.id]),
    );
    const deadline = performance.now() + 10_000;
    while (
      performance.now() < deadline &&
      readers.some(({ reader, session }) => reader.last !== lasts.get(session))
    )
      await delay(50);
    const seen = history.toHistory();
    return { history: seen, violations: check(seen), ends, returns };
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }
}

interface Room {
  readonly session: string;
  /** Readers call this when a turn has ended. */
  readonly onEnd: (turn: string) => void;
  /** The number of messages that were taken. */
  readonly sent: () => number;
  /**
   * Sends messages one after another until the signal aborts. Each waits for the end of the turn before it.
   */
  talk(random: Random, signal: AbortSignal): Promise<void>;
}

async function createRoom(url: string, history: HistoryRecorder): Promise<Room> {
  const session = await postSession(url);
  const ended = new Set<string>();
  let sent = 0;
  return {
    session,
    onEnd: (turn) => void ended.add(turn),
    sent: () => sent,
    talk: async (random, signal) => {
      for (let nth = 0; !signal.aborted; nth += 1) {
        const content = JSON.stringify({ words: random.integer(3, 20), end: 'well', name: String(nth) });
        const turn = await send({ history, url: () => url, session, key: `key-${nth}`, content });
        if (turn === undefined) throw new Error(`A message to session ${session} was not taken.`);
        sent += 1;
        while (!ended.has(turn) && !signal.aborted) await delay(20);
      }
    },
  };
}
