import type { Stop } from '../../log/index.ts';
import type { Sink } from '../../readers/index.ts';
import { encode } from '../../wire/index.ts';
import { longestProbeMs } from './probe-query.ts';
import type { ProbeQuery } from './probe-query.ts';

/** A stream whose reader takes nothing waits when its sink holds this many bytes. */
const maxHeld = 64 * 1024;

/** The options of one probe stream. */
export interface ProbeStreamOptions {
  readonly query: ProbeQuery;
  /** The data of the first frame. */
  readonly told: unknown;
  /** Aborted when the server shuts down. */
  readonly closing: AbortSignal;
  /** Called once, when the stream is over or its reader has left. */
  readonly onOver: (how: 'over' | 'left') => void;
}

/**
 * Writes a probe stream: a frame `told` at once, then the silence, then frames whose data is the time since
 * the start in milliseconds, so that no clocks need be compared. A stream whose reader takes nothing is cut
 * after its longest life.
 */
export function openProbeStream({ query, told, closing, onOver }: ProbeStreamOptions, sink: Sink): Stop {
  const start = performance.now();
  let sent = 0;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const since = (): number => Math.round(performance.now() - start);

  const finish = (how: 'over' | 'left'): void => {
    isOver = true;
    clearTimeout(timer);
    clearTimeout(deadline);
    closing.removeEventListener('abort', onClosing);
    onOver(how);
  };
  const end = (how: 'end' | 'cut'): void => {
    finish('over');
    sink.close(how);
  };
  const onClosing = (): void => end('end');
  const wait = (dueMs: number, act: () => void): void => {
    timer = setTimeout(act, Math.max(0, dueMs - since()));
  };

  // It would keep its place among the runs as long as its reader takes nothing.
  const deadline = setTimeout(() => end('cut'), longestProbeMs + 1_000);

  const next = (): void => {
    // The reader took its bytes after the end.
    if (isOver) return;
    if (sent === query.count) return end(query.end);
    wait(query.silentMs + (sent + 1) * query.gapMs, () => {
      if (sink.held > maxHeld) return sink.drained(next);
      sent += 1;
      sink.write(encode({ id: String(sent), data: `${since()} ${fill(query.pad)}` }));
      next();
    });
  };
  const beStill = (): void => {
    const beats = query.beatMs === 0 ? Infinity : (Math.floor(since() / query.beatMs) + 1) * query.beatMs;
    if (beats >= query.silentMs) return query.silentMs === 0 ? next() : wait(query.silentMs, next);
    wait(beats, () => {
      sink.write(encode({ comment: ' keepalive' }));
      beStill();
    });
  };

  closing.addEventListener('abort', onClosing);
  sink.write(encode({ retry: 1_000, event: 'told', data: JSON.stringify(told) }) + toFilling(query.first));
  beStill();
  return () => finish('left');
}

function toFilling(bytes: number): string {
  return bytes === 0 ? '' : encode({ comment: fill(bytes) });
}

/**
 * Texts of frames are taken from it one after the other, so that none repeats what a compressor remembers.
 */
const pool = { text: '', at: 0 };

/**
 * Returns text that does not compress to almost nothing. It is not made anew each time: a caller could keep
 * the processor busy with it.
 */
function fill(bytes: number): string {
  while (pool.text.length < 128 * 1024) pool.text += Math.random().toString(36).slice(2);
  if (pool.at + bytes > pool.text.length) pool.at = 0;
  pool.at += bytes;
  return pool.text.slice(pool.at - bytes, pool.at);
}
