import type { ServerKind, WorkName } from './server.ts';

/** A workload for servers, and how it is measured. */
export interface Work {
  readonly name: WorkName;
  /** A sentence that says what is done. */
  readonly title: string;
  /** The figures. The first column compares the servers. */
  readonly columns: readonly Column[];
  /** The servers that Heddle is compared with in a table of its own. */
  readonly peers?: readonly string[];
  readonly targets: readonly Target[];
  /** Measures one server in processes of its own. Rejects if a stream is incomplete or out of order. */
  run(kind: ServerKind, scale: Scale): Promise<readonly Measurement[]>;
}

export interface Column {
  readonly name: string;
  readonly better: 'more' | 'less';
  readonly unit: Unit;
}

export type Unit = 'count' | 'ms' | 'µs' | 'bytes' | 'MB' | '%' | '×';

/** The figures of one variant of a workload, in the order of its columns. */
export interface Measurement {
  readonly variant: string;
  readonly figures: readonly number[];
}

/** A figure that Heddle must reach. */
export interface Target {
  readonly variant: string;
  readonly server: string;
  /**
   * With a peer, the server must be at least `value` times as good in the first column. Without one, `value`
   * is the most that `column` may have.
   */
  readonly peer?: string;
  readonly column?: string;
  readonly value: number;
}

/** The share of a full run, in time and in size. A full run has 1 and 1. */
export interface Scale {
  readonly time: number;
  readonly size: number;
}

/** Returns a number at a scale, at least 1. */
export function scaled(full: number, by: number): number {
  return Math.max(1, Math.round(full * by));
}

export const delivered: readonly Column[] = [
  { name: 'events per CPU-second', better: 'more', unit: 'count' },
  { name: 'delay p50', better: 'less', unit: 'ms' },
  { name: 'p99', better: 'less', unit: 'ms' },
  { name: 'server core', better: 'less', unit: '%' },
  { name: 'load core', better: 'less', unit: '%' },
  // If other processes keep a server from its core, it sends what is late in larger batches. It then looks
  // cheaper than it is.
  { name: 'kept waiting', better: 'less', unit: '%' },
];
