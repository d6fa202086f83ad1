import type { SpokenLoad } from './speech.ts';

/** A kind of server that takes part, by its name in the tables. */
export interface ServerKind {
  readonly name: string;
  /** The works it takes part in. */
  readonly works: readonly WorkName[];
  /** Why it cannot run on this machine. */
  readonly lacks?: () => string | undefined;
  start(options: BenchServerOptions): Promise<RunningServer>;
}

export type WorkName = 'unicast' | 'broadcast' | 'idle' | 'accept' | 'reconnect' | 'delay' | 'stalled';

export interface BenchServerOptions {
  /** How many streams there are to be read. */
  readonly streams: number;
  /** How long a stream may be silent, in milliseconds. @default 15_000 */
  readonly keepaliveMs?: number;
}

/** A server in processes of its own. */
export interface RunningServer {
  readonly port: number;
  readonly pids: readonly number[];
  /** The request target of a stream. */
  path(stream: number): string;
  /** Resolves when all is said, and the turns that said it have ended. */
  say(speech: SpokenLoad): Promise<void>;
  /** Collects garbage, where there is a way to ask for it. */
  collect(): Promise<void>;
  /** Makes a stream's log so long; resolves with the id of an entry near its end. Only for servers with a log. */
  remember(stream: number, entries: number): Promise<string>;
  stop(): Promise<void>;
}
