import type { SpokenLoad } from './speech.ts';

/** A server that can be measured, by its name in the tables. */
export interface ServerKind {
  readonly name: string;
  /** The workloads that it can do. */
  readonly works: readonly WorkName[];
  /**
   * The share of the time of a workload for which it is measured. It is less than 1 for a server that falls
   * so far behind the pace that a run would take minutes. @default 1
   */
  readonly share?: number;
  /** Returns why it cannot run on this machine, or undefined. */
  readonly lacks?: () => string | undefined;
  start(options: BenchServerOptions): Promise<RunningServer>;
}

export type WorkName = 'unicast' | 'broadcast' | 'idle' | 'accept' | 'reconnect' | 'delay' | 'stalled';

export interface BenchServerOptions {
  /** The number of streams. */
  readonly streams: number;
  /** The keepalive interval in milliseconds. @default 15_000 */
  readonly keepaliveMs?: number;
}

/** A running server in processes of its own. */
export interface RunningServer {
  readonly port: number;
  readonly pids: readonly number[];
  /** Returns the request target of a stream. */
  path(stream: number): string;
  /** Sends events. Resolves when all were sent and the turns that sent them have ended. */
  say(speech: SpokenLoad): Promise<void>;
  /** Collects garbage, if the server has a way to do so. */
  collect(): Promise<void>;
  /**
   * Appends `entries` entries to a stream's log, and resolves with the id of one near its end. Only for
   * servers with a log.
   */
  remember(stream: number, entries: number): Promise<string>;
  stop(): Promise<void>;
}
