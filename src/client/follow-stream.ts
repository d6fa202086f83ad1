import { callOut } from './call-out.ts';
import { ClientError } from './client-error.ts';
import { keepTrying } from './keep-trying.ts';
import type { OnConnection } from './keep-trying.ts';
import { readStream } from './read-stream.ts';
import type { Cursor } from './read-stream.ts';
import type { Received } from './received.ts';
import type { Ended } from './reconnect.ts';
import { toIterable } from './to-iterable.ts';
import type { Ask, Transport } from './transport.ts';

export interface Following {
  readonly after?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onConnection?: OnConnection | undefined;
  /**
   * Whether the stream is one answer that its request starts. It has an end, and cannot be asked for again once it began
   * and gave no id to resume by: that might ask the model again.
   */
  readonly once: boolean;
}

/** Follows a stream across its connections, until it is over for good. */
export function followStream(
  transport: Transport,
  ask: Ask,
  { after, signal: outer, onConnection, once }: Following,
): AsyncIterable<Received> {
  return toIterable(outer, (signal) => {
    const cursor: Cursor = { last: after, started: false };
    const source = { transport, ask, once, onLive: () => callOut(onConnection, 'live') };

    async function* attempt(): AsyncGenerator<readonly Received[], Ended, undefined> {
      const ended = yield* readStream(source, cursor, signal);
      const cannotResume = once && cursor.started && cursor.last === undefined;
      if (ended.type !== 'lost' || !cannotResume) return ended;
      return {
        type: 'broken',
        error: new ClientError('cut', 'The answer broke off.', { cause: ended.error }),
      };
    }

    const { timing, renewable } = transport;
    return keepTrying(attempt, { signal, timing, renewable, tries: Infinity, onConnection });
  });
}
