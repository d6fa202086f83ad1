import type { ReaderCounts, Readers } from '../readers/index.ts';
import type { Engine } from '../turns/index.ts';

/** What a server has open, and what it counted since it was created: plain numbers, to be measured. Nothing in it names a session or a person. */
export interface Counts extends ReaderCounts {
  /** Sessions that this node is at work in. */
  readonly sessions: number;
  /** Turns that were found open, of a node that had died or lost its lease, and were begun again or ended here. */
  readonly takenOver: number;
}

/** Puts together what the readers and the engine count. */
export function toCounts(readers: Readers, engine: Engine): Counts {
  return { ...readers.counts(), sessions: engine.running, takenOver: engine.takenOver };
}
