import { isRecord } from '../../src/protocol/internal.ts';

/**
 * The events that a server sends on each of its first `streams` streams: `burst` at a time, `perSecond` a
 * second.
 */
export interface SpokenLoad {
  readonly streams: number;
  /** The events on each stream, a multiple of `burst`. */
  readonly count: number;
  readonly perSecond: number;
  readonly burst: number;
  /**
   * Only Heddle has both: `agent` yields tokens, which are gathered before the log; `log` is one append for
   * each burst.
   */
  readonly by: 'agent' | 'log';
  /** The number of spaces that each event carries after its mark. */
  readonly padding?: number;
}

/** Reads a message of the line protocol as a speech. */
export function toSpeech(message: unknown): SpokenLoad {
  if (!isRecord(message)) throw new TypeError('That is no speech.');
  const { streams, count, perSecond, burst, by, padding = 0 } = message;
  return {
    streams: Number(streams),
    count: Number(count),
    perSecond: Number(perSecond),
    burst: Number(burst),
    by: by === 'agent' ? 'agent' : 'log',
    padding: Number(padding),
  };
}
