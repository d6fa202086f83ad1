import { setTimeout as delay } from 'node:timers/promises';
import { check, createHistory } from '../../../src/testing/index.ts';
import type { History, Random, Violation } from '../../../src/testing/index.ts';
import { startCellProcesses } from '../cells/cell-processes.ts';
import type { CellProcesses } from '../cells/cell-processes.ts';
import { startCellsFront } from '../cells/front.ts';
import type { CellProxy } from '../cells/front.ts';
import { followRoom, openRoom, talkIn } from '../cells/room.ts';
import type { WordArrival, CellName, Room } from '../cells/room.ts';
import { tryThirdCell } from '../cells/third-cell.ts';
import type { ThirdCell } from '../cells/third-cell.ts';
import { fetchQuietLog } from '../http-client.ts';

export interface CellRoundOptions {
  readonly front: CellProxy;
  readonly streams: number;
  /** Each owner has one session. */
  readonly owners: number;
  /** The time between two words of a turn, in milliseconds. */
  readonly paceMs: number;
  /** The time before the Redis of cell one is killed, and after each later step, in milliseconds. */
  readonly restMs: number;
  /** The time for which it is down, in milliseconds. */
  readonly downMs: number;
  readonly random: Random;
}

export interface CellRound {
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly arrivals: readonly WordArrival[];
  /** Each response to a reader that came back. */
  readonly returns: readonly { readonly cell: CellName; readonly atMs: number }[];
  readonly readers: Readonly<Record<CellName, number>>;
  readonly times: CellTimes;
  /** The number of streams that ended while a third cell was added and removed. */
  readonly endedAtReload: number;
  readonly third: ThirdCell;
}

/** When the steps of a round took place, in milliseconds since 1970. */
interface CellTimes {
  /** All readers have been open for a while. */
  readonly begun: number;
  /** The Redis of cell one was killed, and is up again. */
  readonly killed: number;
  readonly up: number;
  /** Cell two begins to move to another Redis, and is up there. */
  readonly moving: number;
  readonly moved: number;
}

/** The time after the readers have opened that is not judged, in milliseconds. */
const settleMs = 5_000;

/**
 * Runs two cells of two nodes, with a Redis each, behind a proxy of `deploy/cells/`, while turns run in all
 * sessions. Kills the Redis of cell one and starts it again, moves cell two to another Redis, checks the
 * history, and then adds a third cell.
 */
export async function cellRound(options: CellRoundOptions): Promise<CellRound> {
  const { front: name, streams, owners, paceMs, restMs, downMs, random } = options;
  const cleanups: (() => unknown)[] = [];
  try {
    const openCell = async (): Promise<CellProcesses> => {
      const cell = await startCellProcesses(paceMs);
      cleanups.push(cell.stop);
      return cell;
    };
    const [one, two, three] = [await openCell(), await openCell(), await openCell()];
    const cells = { one: one.ports, two: two.ports };
    const front = await startCellsFront(name, { cells, connections: streams * 4 + 256 });
    cleanups.push(front.stop);

    const { url } = front;
    const history = createHistory();
    const rooms: Room[] = [];
    for (let owner = 0; owner < owners; owner += 1) rooms.push(await openRoom(url, `person-${owner}`));
    const arrivals: WordArrival[] = [];
    const returns: CellRound['returns'][number][] = [];
    const leave = new AbortController();
    cleanups.push(() => leave.abort());
    const seats = rooms.flatMap((room, index) =>
      Array.from({ length: Math.ceil((streams - index) / owners) }, () => room),
    );
    const readers = seats.map((room, index) =>
      followRoom(room, {
        url,
        history,
        reader: String(index),
        signal: leave.signal,
        onArrival: (arrival) => arrivals.push(arrival),
        onReturn: () => returns.push({ cell: room.cell, atMs: Date.now() }),
      }),
    );
    const rest = new AbortController();
    cleanups.push(() => rest.abort());
    const talks = rooms.map((room, index) =>
      talkIn(room, { url, history, random: random.fork(index), signal: rest.signal }),
    );

    await Promise.all(readers.map(({ opened }) => opened));
    await delay(settleMs);
    const begun = Date.now();
    await delay(restMs);
    const killed = Date.now();
    await one.killRedis();
    await delay(downMs);
    await one.restartRedis();
    const up = Date.now();
    await delay(restMs);
    const moving = Date.now();
    await two.move();
    const moved = Date.now();
    await delay(restMs);
    rest.abort();

    const sent = await Promise.all(talks);
    for (const [index, { session, caller }] of rooms.entries())
      history.log(await fetchQuietLog(() => url, session, sent[index] ?? 0, 30_000, caller));
    const lasts = new Map(
      history.toHistory().logs.map(({ session, entries }) => [session, entries.at(-1)?.id]),
    );
    const deadline = performance.now() + 15_000;
    const isBehind = ({ recorder, room }: (typeof readers)[number]): boolean =>
      recorder.last !== lasts.get(room.session);
    while (performance.now() < deadline && readers.some(isBehind)) await delay(50);
    const seen = history.toHistory();
    const before = returns.length;
    const third = await tryThirdCell(front, three.ports, rooms);
    const count = (cell: CellName): number => seats.filter((room) => room.cell === cell).length;
    return {
      history: seen,
      violations: check(seen),
      arrivals,
      returns: returns.slice(0, before).filter(({ atMs }) => atMs >= begun),
      readers: { one: count('one'), two: count('two') },
      times: { begun, killed, up, moving, moved },
      endedAtReload: returns.length - before,
      third,
    };
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }
}
