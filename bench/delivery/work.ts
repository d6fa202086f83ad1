import type { ServerKind, WorkName } from './server.ts';

/** Something that all servers do, and what is measured of it. */
export interface Work {
  readonly name: WorkName;
  /** What is done, in a sentence. */
  readonly title: string;
  /** What is measured; by the first, servers are compared. */
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  /** Measures one server, in processes of its own. Rejects where a stream is not complete and in order. */
  run(kind: ServerKind, scale: Scale): Promise<readonly Measurement[]>;
}

export interface Column {
  readonly name: string;
  readonly better: 'more' | 'less';
  readonly unit: Unit;
}

export type Unit = 'count' | 'ms' | 'µs' | 'bytes' | 'MB' | '%' | '×';

/** The figures of one variant of a work, in the order of its columns. */
export interface Measurement {
  readonly variant: string;
  readonly figures: readonly number[];
}

/** What Heddle has to reach. */
export interface Target {
  readonly variant: string;
  readonly server: string;
  /** So many times as good as this peer, by the first column; else the figure itself, at most. */
  readonly peer?: string;
  readonly column?: string;
  readonly value: number;
}

/** How much of the work is done: 1 and 1 in a full run. */
export interface Scale {
  readonly time: number;
  readonly size: number;
}

/** A number of things at a scale. */
export function scaled(full: number, by: number): number {
  return Math.max(1, Math.round(full * by));
}

export const delivered: readonly Column[] = [
  { name: 'events per CPU-second', better: 'more', unit: 'count' },
  { name: 'delay p50', better: 'less', unit: 'ms' },
  { name: 'p99', better: 'less', unit: 'ms' },
  { name: 'server core', better: 'less', unit: '%' },
  { name: 'load core', better: 'less', unit: '%' },
  // A server that others keep from its core gathers what it is late with, and looks cheaper than it is.
  { name: 'kept waiting', better: 'less', unit: '%' },
];
