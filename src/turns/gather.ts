import type { SpokenEvent } from '../protocol/index.ts';
import { createWheel } from './wheel.ts';
import type { Wheel } from './wheel.ts';

/** Collects the events of a turn into few appends. The first word does not wait. */
export interface Gatherer {
  add(events: readonly SpokenEvent[]): void;
  /** Resolves when all events added so far are in the log. Rejects if an append failed for good. */
  flush(): Promise<void>;
  /**
   * Returns undefined if there is room for more; otherwise a promise of it, which holds back an agent that
   * outruns its store. The promise rejects if an append failed for good.
   */
  room(): Promise<void> | undefined;
}

export interface GatherOptions {
  readonly append: (events: readonly SpokenEvent[]) => Promise<unknown>;
  /** How long deltas are gathered, in milliseconds: at most, and at least four fifths of it. */
  readonly gatherMs: number;
  /** Gatherers that share a wheel append together. @default a wheel of its own */
  readonly wheel?: Wheel | undefined;
}

export const defaultGatherMs = 25;
/** The longest merged delta, in UTF-16 units. It is well below the limit of one event. */
const maxDelta = 16 * 1024;
/** UTF-16 units of text that may wait for the store. Beyond that, the agent is held back. */
const maxWaiting = 256 * 1024;

/** Creates the wheel that the gatherers of a process share. */
export function createGatherWheel(gatherMs: number = defaultGatherMs): Wheel {
  return createWheel(Math.max(1, gatherMs / 5));
}

/**
 * Creates a gatherer. It appends at once every event that is not a delta, and with it the first delta of a
 * part (this one comes with its `…_start`). It gathers further deltas for `gatherMs`, or until a running
 * append ends, if that takes longer.
 */
export function createGatherer({
  append,
  gatherMs,
  wheel = createGatherWheel(gatherMs),
}: GatherOptions): Gatherer {
  let waiting: SpokenEvent[] = [];
  let size = 0;
  let urgent = false;
  /** The time when the oldest waiting event was added. */
  let since = 0;
  let isInWheel = false;
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const onWritten = (): void => {
    writing = undefined;
    schedule();
  };
  const onFailed = (error: unknown): void => {
    failure = { error };
    writing = undefined;
  };
  const write = (): Promise<void> => {
    const events = waiting;
    waiting = [];
    size = 0;
    urgent = false;
    return append(events).then(onWritten, onFailed);
  };

  const start = (): void => {
    if (failure === undefined) writing ??= write();
  };

  const startWaiting = (): void => {
    if (waiting.length > 0) start();
  };
  const onDue = (): void => {
    isInWheel = false;
    // Other events may have been appended meanwhile. The ones that wait now then go a little early.
    startWaiting();
  };

  const schedule = (): void => {
    if (writing !== undefined || waiting.length === 0) return;
    if (urgent || size >= maxDelta) return queueMicrotask(startWaiting);
    if (isInWheel) return;
    isInWheel = true;
    wheel.after(since + gatherMs - performance.now(), onDue);
  };

  const settle = async (): Promise<void> => {
    while (writing !== undefined || waiting.length > 0) {
      if (failure) break;
      start();
      await writing;
    }
    if (failure) throw failure.error;
  };

  return {
    add: (events) => {
      if (waiting.length === 0) since = performance.now();
      for (const event of events) {
        const last = waiting.at(-1);
        const merged = last && merge(last, event);
        if (merged) waiting[waiting.length - 1] = merged;
        else waiting.push(event);
        size += 'data' in event && typeof event.data === 'string' ? event.data.length : 256;
        urgent ||= !isDelta(event);
      }
      schedule();
    },
    flush: settle,
    room: () => (failure === undefined && size <= maxWaiting ? undefined : settle()),
  };
}

type Delta = SpokenEvent & { readonly type: 'content' | 'reasoning' | 'tool_use_input' };

function isDelta(event: SpokenEvent): event is Delta {
  return event.type === 'content' || event.type === 'reasoning' || event.type === 'tool_use_input';
}

function merge(a: SpokenEvent, b: SpokenEvent): SpokenEvent | undefined {
  if (!isDelta(a) || !isDelta(b) || a.type !== b.type || a.data.length + b.data.length > maxDelta)
    return undefined;
  const same =
    a.type === 'tool_use_input' && b.type === 'tool_use_input' ? a.call === b.call : nameOf(a) === nameOf(b);
  return same ? { ...a, data: a.data + b.data } : undefined;
}

function nameOf(event: Delta): string {
  return event.type === 'tool_use_input' ? event.call : event.part;
}
