import type { Engine } from '../turns/index.ts';
import type { StreamContext } from './stream.ts';

/** What a server has open, and what it counted since it was created: plain numbers, for whoever measures. Nothing in it names a session or a person. */
export interface Counts {
  /** Open streams by the name of their dialect. Where several sessions share a connection, each is one. */
  readonly streams: Readonly<Record<string, number>>;
  /** Sessions that are read, once for each dialect. */
  readonly channels: number;
  /** Sessions that this node is at work in. */
  readonly sessions: number;
  /** Turns that were found open, of a node that had died or lost its lease, and were begun again or ended here. */
  readonly takenOver: number;
  readonly keepalives: number;
  /** Streams that were cut because their reader did not take what it was sent. */
  readonly slowReaders: number;
}

/** What is counted as it happens. */
export interface Tally {
  keepalives: number;
  slowReaders: number;
}

/** Puts together what is counted as it happens and what is looked at only when somebody asks. */
export function toCounts({ tally, open, channels }: StreamContext, engine: Engine): Counts {
  const streams: Record<string, number> = {};
  for (const { dialect } of open) streams[dialect.name] = (streams[dialect.name] ?? 0) + 1;
  return {
    ...tally,
    streams,
    channels: channels.size,
    sessions: engine.running,
    takenOver: engine.takenOver,
  };
}
