import { createChannels } from './channel.ts';
import { drainReaders, whenAllEnded } from './drain.ts';
import type { DrainOptions } from './drain.ts';
import type { ReadingSource } from './catch-up.ts';
import { createKeepalive } from './keepalive.ts';
import { startReader } from './reader.ts';
import type { Reader, ReaderOptions, ReaderContext } from './reader.ts';
import type { Sink } from './sink.ts';

/** All that reads the logs of a process for clients. It knows nothing of who asks or of what writes the logs. */
export interface Readers {
  /** Starts a reader: it begins to write at once and in this call. */
  start(options: ReaderOptions, sink: Sink): Reader;
  /** The readers that run. */
  readonly running: ReadonlySet<Reader>;
  counts(): ReaderCounts;
  /** Ends all readers, each when its session falls quiet, and resolves when they have said their last words. */
  drain(options: DrainOptions): Promise<void>;
}

/** What is open, and what was counted since the start: plain numbers. Nothing in them names a session or a person. */
export interface ReaderCounts {
  /** Open streams by the name of their dialect. Where several sessions share a connection, each is one. */
  readonly streams: Readonly<Record<string, number>>;
  /** Sessions that are read, once for each dialect. */
  readonly channels: number;
  readonly keepalives: number;
  /** Streams that were cut because their reader did not take what it was sent. */
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
