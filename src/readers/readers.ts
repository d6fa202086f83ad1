import { createChannels } from './channel.ts';
import { drainReaders, whenAllEnded } from './drain.ts';
import type { DrainOptions } from './drain.ts';
import type { ReadingSource } from './catch-up.ts';
import { createKeepalive } from './keepalive.ts';
import { startReader } from './reader.ts';
import type { Reader, ReaderContext } from './reader.ts';
import type { ReaderOptions } from './reader-options.ts';
import type { Sink } from './sink.ts';

/** The readers of a process. They read its logs for clients, and know neither principals nor writers. */
export interface Readers {
  /** Starts a reader. The reader begins to write within this call. */
  start(options: ReaderOptions, sink: Sink): Reader;
  /** The readers that run. */
  readonly running: ReadonlySet<Reader>;
  counts(): ReaderCounts;
  /**
   * Ends all readers, each one when its session is quiet. Resolves when they have sent their last frames, or
   * one second after the last one was told to end.
   */
  drain(options: DrainOptions): Promise<void>;
}

/**
 * The number of open streams and channels, and counters since the start. They name no session and no user.
 */
export interface ReaderCounts {
  /**
   * Open streams by the name of their dialect. If several sessions share a connection, each session counts as
   * one.
   */
  readonly streams: Readonly<Record<string, number>>;
  /** Sessions and exchanges that are being read, counted once per dialect. */
  readonly channels: number;
  readonly keepalives: number;
  /** Streams that were cut because their client did not take the bytes sent. */
  readonly slowReaders: number;
}

export interface ReadersOptions extends ReadingSource {
  /** The longest silence of a stream, in milliseconds. */
  readonly keepaliveMs: number;
  /** How long a stream may live, in milliseconds ± 20 %. */
  readonly maxAgeMs: number;
}

/** Creates the readers over a log. */
export function createReaders({ log, state, keepaliveMs, maxAgeMs }: ReadersOptions): Readers {
  const keepalive = createKeepalive(keepaliveMs, maxAgeMs);
  const running = new Set<Reader>();
  const channels = createChannels(log);
  const tally = { keepalives: 0, slow: 0 };
  const shared: ReaderContext = { log, state, channels, keepalive, tally, running, maxAgeMs };
  return {
    start: (options, sink) => startReader(shared, options, sink),
    running,
    counts() {
      const streams: Record<string, number> = {};
      for (const { dialect } of running) streams[dialect.name] = (streams[dialect.name] ?? 0) + 1;
      return { streams, channels: channels.size, keepalives: tally.keepalives, slowReaders: tally.slow };
    },
    async drain(options) {
      await drainReaders(running, options);
      await whenAllEnded(running);
      keepalive.close();
    },
  };
}
