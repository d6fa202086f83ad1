import type { Exchange } from '../../dialects/index.ts';
import type { QueuedMessage } from '../../log/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { Sink } from '../../readers/index.ts';
import type { CallerCommand, Submission } from '../../turns/index.ts';
import type { StreamReply } from '../reply.ts';
import type { DialectContext } from './dialect-context.ts';
import { findThread } from './find-thread.ts';
import type { FoundThread } from './find-thread.ts';

/** Stops a turn, or withdraws its message while that waits. */
export async function stopTurn(
  { engine, call }: DialectContext,
  { session, head }: FoundThread,
  turn: string | undefined,
): Promise<Submission> {
  const submit = (command: CallerCommand): Promise<Submission> =>
    engine.submit(session, command, { owner: call.owner });
  const at = Date.now();
  const isQueued = (queued: QueuedMessage): boolean => queued.turn === turn && queued.resumes === undefined;
  const queued = head?.queue.find(isQueued);
  try {
    if (queued !== undefined) return await submit({ type: 'withdraw', message: queued.message, at });
  } catch (error) {
    // The turn has started meanwhile.
    if (!(error instanceof RefusalError && error.code === 'too_late')) throw error;
  }
  return submit({ type: 'cancel', turn, at });
}

/** Returns a stream whose turn is stopped if the client leaves before the stream is over. */
export function stopWhenLeft(
  context: DialectContext,
  { session, turn }: Exchange,
  { open, ...reply }: StreamReply,
): StreamReply {
  const { store, call, tell } = context;
  const stopNow = async (): Promise<void> => {
    const found = await findThread(store, call.owner, { type: 'session', session });
    await stopTurn(context, found, turn);
  };
  return {
    ...reply,
    open(sink) {
      let isOver = false;
      const stop = open(watchEnd(sink, () => (isOver = true)));
      return () => {
        stop();
        // The session may be deleted.
        if (!isOver) stopNow().catch((error: unknown) => error instanceof RefusalError || tell(error));
        isOver = true;
      };
    },
  };
}

/** Returns a sink that tells when the server ends its body. */
function watchEnd(sink: Sink, onEnd: () => void): Sink {
  return {
    // Own fields of the sink that are not replaced below pass through.
    ...sink,
    write: (text) => sink.write(text),
    get held() {
      return sink.held;
    },
    drained: (wake) => sink.drained(wake),
    close(how) {
      onEnd();
      sink.close(how);
    },
  };
}
