import type { ReaderCounts, Readers } from '../readers/index.ts';
import type { Engine } from '../turns/index.ts';

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
}

/** Combines the counts of the readers and of the engine. */
export function toCounts(readers: Readers, engine: Engine): Counts {
  return { ...readers.counts(), sessions: engine.running, takenOver: engine.takenOver };
}
