import type { ReaderCounts, Readers } from '../readers/index.ts';
import type { Engine } from '../turns/index.ts';
import type { NoticeCounts } from './webhooks/attend.ts';

/**
 * The streams and sessions that a server has open, and its counters since it was created. They are plain
 * numbers for metrics. None of them names a session or a person.
 */
export interface Counts extends ReaderCounts {
  /** Sessions that this node works on. */
  readonly sessions: number;
  /**
   * Turns of nodes that crashed or lost their lease. This node found them open, and restarted or ended them.
   */
  readonly takenOver: number;
  /** Notices that receivers of webhooks took. */
  readonly noticesDelivered: number;
  /** Notices of webhooks that were given up: refused, or tried too often. */
  readonly noticesGivenUp: number;
}

/** Combines the counts of the readers, the engine and the webhooks. */
export function toCounts(readers: Readers, engine: Engine, notices?: Readonly<NoticeCounts>): Counts {
  return {
    ...readers.counts(),
    sessions: engine.running,
    takenOver: engine.takenOver,
    noticesDelivered: notices?.delivered ?? 0,
    noticesGivenUp: notices?.givenUp ?? 0,
  };
}
