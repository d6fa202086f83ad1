import type { EventLog } from '../log/index.ts';
import type { Agent, SessionState } from '../protocol/index.ts';
import type { Hold } from './hold.ts';
import { recover } from './recover.ts';
import { runTurn } from './run-turn.ts';
import type { TurnOptions } from './run-turn.ts';
import { readTranscript } from './transcript.ts';
import type { Transcript } from './transcript.ts';

export interface OwnOptions extends TurnOptions {
  readonly log: EventLog;
  readonly agent: Agent;
  readonly session: string;
  readonly hold: Hold;
  /** Aborted when this node shuts down: no further turn is begun. */
  readonly stopping: AbortSignal;
  /** Aborted when it will not wait any longer for the one that runs. */
  readonly leave: AbortSignal;
}

/**
 * Works a session off while its lease is held: recovers a turn that another node left open, starts what waits, one turn
 * at a time, and gives the lease back when there is nothing left. Restart and takeover are this same path.
 */
export async function own(options: OwnOptions): Promise<void> {
  const { log, session, hold, stopping, agent } = options;
  let transcript: Transcript | undefined;
  for (;;) {
    transcript = await readTranscript(log, session, transcript);
    if (transcript === undefined) return;
    const { state, head } = transcript;
    if (stopping.aborted) {
      await hold.release();
      return;
    }
    if (head.turn !== undefined) {
      const { turn, cancelled } = head.turn;
      const { events, next } = recover(agentMessage(state, turn), cancelled === true, agent, turn);
      if (next !== 'restart') {
        const error = {
          code: 'interrupted',
          message: 'The server stopped while this answer was being made.',
        };
        const outcome = next === 'cancelled' ? 'cancelled' : 'failed';
        await hold.command({ type: 'end', turn, outcome, error, at: Date.now() }, events);
        continue;
      }
      await hold.command({ type: 'restart', at: Date.now() }, events);
    } else if (!(await hold.command({ type: 'start', at: Date.now() }))) {
      if (await hold.release(head.version)) return;
      continue;
    }
    transcript = await readTranscript(log, session, transcript);
    if (transcript?.head.turn === undefined) continue;
    await runTurn(options, transcript.state, transcript.head, transcript.head.turn);
  }
}

function agentMessage(
  state: SessionState,
  turn: string,
): (SessionState['messages'][number] & { role: 'agent' }) | undefined {
  const found = state.messages.findLast((message) => message.role === 'agent' && message.turn === turn);
  return found?.role === 'agent' ? found : undefined;
}
