import type { ScalingCosts } from './measure.ts';

export interface Demand {
  readonly streams: number;
  /** The share of all streams in which a turn speaks at a time. */
  readonly activeShare: number;
  /** The tokens a second in each of these streams. Each token is an append of its own. */
  readonly tokensPerSecond: number;
}

export interface Machines {
  /** The most that a node or a Redis may use of its one core. */
  readonly busy: number;
  /** The memory for the streams of a node, in bytes. */
  readonly nodeBytes: number;
}

/** One Redis and the nodes that share it. */
export interface ProjectedCell {
  readonly streams: number;
  readonly nodes: number;
  /** The cores that a node and the Redis use. */
  readonly nodeLoad: number;
  readonly redisLoad: number;
}

/**
 * Finds the cell that carries the most streams for each of its processes. Further nodes carry more, until
 * their hints cost too much.
 */
export function toCell(costs: ScalingCosts, demand: Demand, machines: Machines): ProjectedCell {
  let best: ProjectedCell = { streams: 0, nodes: 0, nodeLoad: 0, redisLoad: 0 };
  for (let nodes = 2; nodes <= 1_000; nodes += 1) {
    let [fits, tooMany] = [0, demand.streams + 1];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (isCarried(costs, { ...demand, streams: middle }, nodes, machines)) fits = middle;
      else tooMany = middle;
    }
    if (fits / (nodes + 1) > best.streams / (best.nodes + 1))
      best = { streams: fits, nodes, ...toLoads(costs, { ...demand, streams: fits }, nodes) };
  }
  return best;
}

function isCarried(
  costs: ScalingCosts,
  demand: Demand,
  nodes: number,
  { busy, nodeBytes }: Machines,
): boolean {
  const { nodeLoad, redisLoad } = toLoads(costs, demand, nodes);
  const bytes = (demand.streams / nodes) * costs.streamBytes;
  return nodeLoad <= busy && redisLoad <= busy && bytes <= nodeBytes;
}

/** Computes the two formulas of docs/scaling.md. */
function toLoads(
  costs: ScalingCosts,
  { streams, activeShare, tokensPerSecond }: Demand,
  nodes: number,
): Pick<ProjectedCell, 'nodeLoad' | 'redisLoad'> {
  const tokens = streams * activeShare * tokensPerSecond;
  return {
    nodeLoad:
      costs.nodeCpu +
      (streams / nodes) * costs.streamCpu +
      (tokens / nodes) * (costs.ownerCpu + costs.readerCpu) +
      tokens * (1 - 1 / nodes) * costs.hintCpu,
    redisLoad:
      nodes * costs.redisNodeCpu +
      streams * costs.redisStreamCpu +
      tokens * (costs.redisTokenCpu + (nodes - 2) * costs.redisHintCpu),
  };
}
