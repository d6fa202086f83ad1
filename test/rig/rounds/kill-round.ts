import { setTimeout as delay } from 'node:timers/promises';
import {
  anyFaults,
  check,
  createFaultProxy,
  createHistory,
  followPlainly,
} from '../../../src/testing/index.ts';
import type { FaultProxy, FinalLog, Random, ReaderRecorder, Violation } from '../../../src/testing/index.ts';
import type { ServerChild } from '../server-child.ts';
import { postSession, fetchQuietLog, send } from '../http-client.ts';
import type { Script } from '../scripted-agent.ts';

export interface RoundOptions {
  /** The server that is killed in this round. */
  readonly child: ServerChild;
  /** Starts the next server over the same store, or returns one that runs already. */
  readonly restart: () => Promise<ServerChild>;
  readonly random: Random;
  /** The longest time from the start of the next server to the end of the last turn, in milliseconds. */
  readonly withinMs: number;
}

export interface Round {
  readonly child: ServerChild;
  readonly violations: readonly Violation[];
  /** From the moment the next server served to the end of the last turn, in milliseconds. */
  readonly recoveryMs: number;
  /** For each reader of an open turn: from the kill to the next event it received, in milliseconds. */
  readonly pausesMs: readonly number[];
  readonly entries: number;
  readonly turns: number;
  /** Turns that began more than once. */
  readonly restarted: number;
  readonly interrupted: number;
  readonly connections: number;
  readonly cuts: number;
}

/**
 * Runs two sessions with four readers behind a faulty network, kills the server with kill -9 at a random
 * moment, and checks the history when all turns have ended.
 */
export async function killRound({ child, restart, random, withinMs }: RoundOptions): Promise<Round> {
  let current = child;
  const proxy = await createFaultProxy({
    port: () => current.port,
    plan: anyFaults,
    seed: random.fork('proxy').seed,
  });
  const history = createHistory();
  const leave = new AbortController();
  const cleanups: (() => void)[] = [];
  try {
    const sessions = [await postSession(child.url), await postSession(child.url)];
    const readers = sessions.flatMap((session, index) =>
      [1, 2].map((nth) => {
        const reader = history.reader({ reader: `${index}.${nth}`, session, principal: 'anonymous' });
        return { session, reader, done: follow(proxy, session, reader, leave.signal) };
      }),
    );
    const sends = sessions.flatMap((session, index) =>
      Array.from({ length: random.integer(1, 2) }, (_, nth) => {
        const content = JSON.stringify(toScript(random.fork(`${index} ${nth}`), `${index}.${nth}`));
        return send({
          history,
          url: () => proxy.url,
          session,
          key: `key ${index}.${nth}`.replace(' ', '-'),
          content,
        });
      }),
    );
    await delay(random.integer(0, 150));
    const killed = performance.now();
    const pauses = readers.map(({ session, reader }) => ({ session, last: reader.last, ms: 0 }));
    const measuring = setInterval(() => {
      for (const [index, pause] of pauses.entries())
        if (pause.ms === 0 && readers[index]?.reader.last !== pause.last)
          pause.ms = performance.now() - killed;
    }, 1);
    cleanups.push(() => clearInterval(measuring));
    await child.kill();
    current = await restart();
    const back = performance.now();
    await Promise.all(sends);
    const logs: FinalLog[] = [];
    for (const [index, session] of sessions.entries()) {
      const count = history
        .toHistory()
        .posts.filter((post) => post.session === session && post.fate.type === 'answered').length;
      logs.push(await fetchQuietLog(() => current.url, session, count, withinMs));
      if (count === 0) throw new Error(`No message of session ${index} was taken.`);
    }
    const recoveryMs = performance.now() - back;
    // From here on the network is whole, so every reader that stayed must receive everything.
    proxy.plan = () => ({});
    proxy.reset();
    for (const log of logs) {
      history.log(log);
      const last = log.entries.at(-1)?.id;
      const deadline = performance.now() + 5_000;
      for (const { reader, session } of readers)
        while (session === log.session && reader.last !== last && performance.now() < deadline)
          await delay(5);
    }
    const pausesMs = pauses
      .filter(({ session, last }) => logs.some((log) => log.session === session && isOpenAt(log, last)))
      .map(({ ms }) => ms);
    const events = logs.flatMap(({ entries }) => entries.map(({ event }) => event));
    const seen = history.toHistory();
    return {
      child: current,
      violations: check(seen),
      recoveryMs,
      pausesMs,
      entries: events.length,
      turns: events.filter(({ type }) => type === 'message_end').length,
      restarted: events.filter((event) => event.type === 'message_start' && event.attempt === 2).length,
      interrupted: events.filter((event) => event.type === 'message_end' && event.outcome === 'failed')
        .length,
      connections: seen.readers.reduce((sum, { connections }) => sum + connections.length, 0),
      cuts: proxy.cuts,
    };
  } finally {
    for (const cleanup of cleanups) cleanup();
    leave.abort();
    await proxy.close();
  }
}

/**
 * Follows a session through the proxy. Gives a connection up after 1 s of silence, which is more than three
 * keepalives.
 */
function follow(
  { url }: FaultProxy,
  session: string,
  reader: ReaderRecorder,
  signal: AbortSignal,
): Promise<void> {
  return followPlainly({
    url: `${url}/stream/${session}`,
    reader,
    signal,
    readTimeoutMs: 1_000,
    pauseMs: () => 10,
  });
}

/** Reports whether a turn was open for a reader whose last entry is `last`. */
function isOpenAt({ entries }: FinalLog, last: string | undefined): boolean {
  const seen = entries.slice(0, entries.findIndex(({ id }) => id === last) + 1);
  const [begun, ended] = ['message_start', 'message_end'].map((type) =>
    seen.findLastIndex(({ event }) => event.type === type),
  );
  return (begun ?? -1) > (ended ?? -1);
}

function toScript(random: Random, name: string): Script {
  return {
    words: random.integer(0, 20),
    tool: random.chance(0.5),
    end: random.pick(['well', 'well', 'throws', 'repeats']),
    name,
  };
}
