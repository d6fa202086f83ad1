import { callOut } from './call-out.ts';
import { decide, noAttempts } from './reconnect.ts';
import type { Ended, Policy } from './reconnect.ts';
import type { Timing } from './timing.ts';

/** `waiting`: the connection was lost and is tried again in a while. `closed`: it is not tried again. */
export type Connection = 'connecting' | 'live' | 'waiting' | 'closed';

export type OnConnection = (connection: Connection, error?: Error) => void;

export interface Trying extends Policy {
  readonly signal: AbortSignal;
  readonly timing: Timing;
  readonly onConnection?: OnConnection | undefined;
}

/**
 * Performs attempts, one after the other, as `decide` has it, and passes on what they yield. Ends when one is over or the signal is
 * aborted; throws the error of the last one where there is no other attempt.
 */
export async function* keepTrying<T>(
  attempt: () => AsyncGenerator<T, Ended, undefined>,
  { signal, timing, onConnection, ...policy }: Trying,
): AsyncGenerator<T, void, undefined> {
  let attempts = noAttempts;
  let failure: Error | undefined;
  try {
    while (!signal.aborted) {
      callOut(onConnection, 'connecting');
      const ended = yield* attempt();
      if (signal.aborted) return;
      failure = ended.type === 'over' ? undefined : ended.error;
      const next = decide(attempts, ended, policy, { now: timing.now(), random: timing.random() });
      if (next.type === 'stop') {
        if (failure) throw failure;
        return;
      }
      attempts = next.attempts;
      callOut(onConnection, 'waiting', failure);
      await timing.sleep(next.ms, signal);
    }
  } finally {
    callOut(onConnection, 'closed', signal.aborted ? undefined : failure);
  }
}
