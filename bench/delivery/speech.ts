import { isRecord } from '../../src/protocol/internal.ts';

/** What a server is to say: events on each of its first `streams` streams, `burst` at a time, so many a second. */
export interface SpokenLoad {
  readonly streams: number;
  /** Events on each stream; a multiple of `burst`. */
  readonly count: number;
  readonly perSecond: number;
  readonly burst: number;
  /** Where a server has both: an agent's tokens, gathered on their way to the log, or an append for each burst. */
  readonly by: 'agent' | 'log';
  /** Text that each event carries beside its mark. */
  readonly padding?: number;
}

/** Checks what came over a line. */
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
