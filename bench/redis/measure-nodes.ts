import { startCell } from './cell.ts';
import type { Cell } from './cell.ts';
import { between } from './look.ts';

/** How much a number of nodes carried together, with CPU in seconds. */
export interface NodeThroughput {
  readonly nodes: number;
  /** The turns that ran at the same time. */
  readonly turns: number;
  /** The tokens a second that agents yielded and readers received. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The cores in use by all nodes, by Redis, and by the load generator. */
  readonly cores: { readonly nodes: number; readonly redis: number; readonly load: number };
  /** CPU for each token. */
  readonly nodeCpu: number;
  readonly redisCpu: number;
  /** The next number of turns, which was too much. */
  readonly refused: number;
}

/** The time between the tokens of a turn. Each token is an append of its own. */
const everyMs = 50;
/** The p99 delay from which on tokens are late. */
const lateMs = 250;
/** The share of the requested tokens that must have been yielded. */
const enough = 0.95;
const firstTurns = 100;
const leastTurns = 10;
const step = 1.3;

/**
 * Gives nodes more and more turns, until tokens are late or fewer than requested. The readers of a turn are
 * on another node than the turn.
 */
export async function measureNodes(nodes: number, seconds: number): Promise<NodeThroughput> {
  let turns = firstTurns;
  let best = await ask(nodes, turns, seconds);
  // The machine may be small, or busy with something else.
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
  // At that time all tokens but the last one were due.
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
