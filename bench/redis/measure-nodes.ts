import { startCell } from './cell.ts';
import type { Cell } from './cell.ts';
import { between } from './look.ts';

/** What so many nodes carried together, CPU in seconds. */
export interface NodeThroughput {
  readonly nodes: number;
  /** Turns at the same time. */
  readonly turns: number;
  /** Tokens a second that were said and read. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Cores in use: by all nodes, by Redis, by the load generator. */
  readonly cores: { readonly nodes: number; readonly redis: number; readonly load: number };
  /** For each token. */
  readonly nodeCpu: number;
  readonly redisCpu: number;
  /** So many turns were tried next, and were too much. */
  readonly refused: number;
}

/** What a turn says: each token is an append of its own. */
const everyMs = 50;
/** A token that comes later is too late. */
const lateMs = 250;
/** Of what was asked for, what must have come. */
const enough = 0.95;
const firstTurns = 100;
const leastTurns = 10;
const step = 1.3;

/** Gives nodes more and more turns, until tokens come late or not as fast as they are asked for. Readers are on another node than their turns. */
export async function measureNodes(nodes: number, seconds: number): Promise<NodeThroughput> {
  let turns = firstTurns;
  let best = await ask(nodes, turns, seconds);
  // A machine that is busy with something else, or a small one.
  for (; best === undefined; best = await ask(nodes, turns, seconds)) {
    turns = Math.round(turns / 2);
    if (turns < leastTurns) throw new Error(`Here ${nodes} nodes do not carry ${leastTurns} turns.`);
  }
  for (;;) {
    turns = Math.round(turns * step);
    const next = await ask(nodes, turns, seconds);
    if (next === undefined) return { ...best, refused: turns };
    best = next;
  }
}

async function ask(nodes: number, turns: number, seconds: number): Promise<NodeThroughput | undefined> {
  const cell = await startCell({ sessions: turns, nodes, speaking: nodes });
  try {
    await cell.read();
    return await speak(cell, nodes, turns, seconds);
  } finally {
    await cell.close();
  }
}

async function speak(
  cell: Cell,
  nodes: number,
  turns: number,
  seconds: number,
): Promise<NodeThroughput | undefined> {
  const count = Math.round((seconds * 1_000) / everyMs);
  const { from, until, delay } = await cell.speak({ count, everyMs });
  const { at, said, nodes: nodesCpu, redis, load } = between(from, until);
  const { p50Ms = NaN, p99Ms = NaN } = delay ?? {};
  // By then all but the last one was due.
  const isKept = said >= turns * (count - 1) * enough && p99Ms < lateMs;
  if (!isKept) return undefined;
  return {
    nodes,
    turns,
    rate: said / at,
    p50Ms,
    p99Ms,
    cores: { nodes: nodesCpu / at, redis: redis / at, load: load / at },
    nodeCpu: nodesCpu / said,
    redisCpu: redis / said,
    refused: NaN,
  };
}
