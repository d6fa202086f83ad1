import { startCell } from './cell.ts';
import type { Cell } from './cell.ts';
import { between } from './look.ts';

/** What so many nodes carried together, CPU in seconds. */
export interface NodeThroughput {
  readonly nodes: number;
  /** Tokens a second that were asked for, said and read. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Cores in use: by all nodes, by Redis, by the load generator. */
  readonly cores: { readonly nodes: number; readonly redis: number; readonly load: number };
  /** For each token. */
  readonly nodeCpu: number;
  readonly redisCpu: number;
  /** What was asked for next and was too much. */
  readonly refusedRate: number;
}

const sessions = 300;
/** A token that comes later is too late. */
const lateMs = 250;
/** Of what was asked for, what must have come. */
const enough = 0.95;
const firstRate = 1_000;
const leastRate = 100;
const step = 1.25;

/** Asks nodes for more and more, until tokens come late or not as fast as they are asked for. Readers are on another node than their turns. */
export async function measureNodes(nodes: number, seconds: number): Promise<NodeThroughput> {
  const cell = await startCell({ sessions, nodes, speaking: nodes });
  try {
    await cell.read();
    let rate = firstRate;
    let best = await ask(cell, nodes, rate, seconds);
    // A machine that is busy with something else, or a small one.
    for (; best === undefined; best = await ask(cell, nodes, rate, seconds)) {
      rate /= 2;
      if (rate < leastRate) throw new Error(`Here ${nodes} nodes do not carry ${leastRate} tokens a second.`);
    }
    for (;;) {
      rate *= step;
      const next = await ask(cell, nodes, rate, seconds);
      if (next === undefined) return { ...best, refusedRate: rate };
      best = next;
    }
  } finally {
    await cell.close();
  }
}

async function ask(
  cell: Cell,
  nodes: number,
  rate: number,
  seconds: number,
): Promise<NodeThroughput | undefined> {
  const everyMs = (sessions / rate) * 1_000;
  const count = Math.round((seconds * 1_000) / everyMs);
  const { from, until, delay } = await cell.speak({ count, everyMs });
  const { at, said, nodes: nodesCpu, redis, load } = between(from, until);
  const { p50Ms = NaN, p99Ms = NaN } = delay ?? {};
  // By then all but the last one was due.
  const isKept = said >= sessions * (count - 1) * enough && p99Ms < lateMs;
  if (!isKept) return undefined;
  return {
    nodes,
    rate,
    p50Ms,
    p99Ms,
    cores: { nodes: nodesCpu / at, redis: redis / at, load: load / at },
    nodeCpu: nodesCpu / said,
    redisCpu: redis / said,
    refusedRate: NaN,
  };
}
