import { ClientError } from './client-error.ts';
import { createPicker } from './cursor.ts';
import type { Batch, Cursor } from './cursor.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { keepTrying } from './keep-trying.ts';
import type { Attempt, OnConnection, Resting } from './keep-trying.ts';
import type { PollPace, pollEntries } from './poll-entries.ts';
import type { FrameBlock } from './read-frames.ts';
import { readStream } from './read-stream.ts';
import { parseJson, toEvent } from './event-at-id.ts';
import type { EventAtId } from './event-at-id.ts';
import { toClientEvents } from './to-events.ts';
import type { Events } from './to-events.ts';
import type { ClientRequest, Transport } from './transport.ts';

export interface EventsOptions {
  /** The id of the last entry that the caller already has. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Called when the connection changes. The detail says how entries come, why it waits, and until when. */
  readonly onConnection?: OnConnection;
  /**
   * Returns whether nothing is awaited. If so, a hidden page gives its connection up until it is shown or
   * something is sent through this handle.
   * @default never
   */
  readonly isQuiet?: () => boolean;
}

export interface Following {
  readonly after?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onConnection?: OnConnection | undefined;
  readonly resting?: Resting | undefined;
  /**
   * Whether the stream is one answer that its request starts. Such a stream has an end. It is not requested
   * again once it began and gave no id to resume by, because that might start the agent's work again.
   */
  readonly once: boolean;
  /** The session of these entries, if the same entries can be polled. */
  readonly session?: string;
}

/** Follows a stream across its connections, until it is over for good. */
export function followStream(
  transport: Transport,
  ask: ClientRequest,
  { after, signal: outer, onConnection, resting, once, session }: Following,
): Events<EventAtId> {
  return toClientEvents(outer, (signal) => {
    const cursor: Cursor = { last: after, started: false };
    const pace: PollPace = {};

    async function* attempt(current: Attempt): AsyncGenerator<readonly EventAtId[], AttemptEnd, undefined> {
      if (current.via === 'long-poll' && session !== undefined) {
        const poll = await loadPolling();
        return poll
          ? yield* poll(transport, session, cursor, current, pace)
          : { type: 'strange', error: new ClientError('unreachable', 'Polling cannot be loaded.') };
      }
      const read = (): ((blocks: readonly FrameBlock[]) => Batch<EventAtId>) => {
        const pick = createPicker(cursor, once);
        return (blocks) => pick(blocks.map(toArrival));
      };
      const ended = yield* readStream({ transport, ask, last: cursor.last, read }, current);
      const cannotResume = once && cursor.started && cursor.last === undefined;
      if (ended.type !== 'lost' || !cannotResume) return ended;
      return {
        type: 'broken',
        error: new ClientError('cut', 'The answer broke off.', { cause: ended.error }),
      };
    }

    const { timing, renewable } = transport;
    const canPoll = session !== undefined;
    const patience = { renewable, canPoll, tries: Infinity };
    return keepTrying(attempt, { ...patience, signal, timing, onConnection, resting });
  });
}

/** Loads the code for polling, which most networks never need. Returns undefined if it cannot be loaded. */
async function loadPolling(): Promise<typeof pollEntries | undefined> {
  try {
    return (await import('./poll-entries.ts')).pollEntries;
  } catch {
    return undefined;
  }
}

function toArrival({ id, frame }: FrameBlock): {
  readonly id?: string | undefined;
  readonly event?: EventAtId['event'];
} {
  return { id, ...(frame && { event: toEvent(frame.event, parseJson(frame.data)) }) };
}
