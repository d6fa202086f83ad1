import type { OpenTurn } from '../log/index.ts';
import type { EntryId } from '../protocol/index.ts';
import { advance } from '../transcripts/index.ts';
import type { Transcript, Transcripts } from '../transcripts/index.ts';
import type { HolderCommand } from './command.ts';
import { dropSession } from './drop-session.ts';
import type { HeldLease } from './held-lease.ts';
import { recover } from './recover.ts';
import { retain } from './retain.ts';
import type { Retention } from './retain.ts';
import { runTurn } from './run-turn.ts';
import type { Running } from './run-turn.ts';
import { tellOutbox } from './tell-outbox.ts';
import { findTurn } from './turn-input.ts';

export interface OwnOptions extends Running {
  readonly transcripts: Transcripts;
  /** Aborted when this node shuts down. No further turn is started then. */
  readonly stopping: AbortSignal;
  readonly retention?: Retention;
  /** Called when a turn that another node left open was started again, or ended. */
  readonly onTakenOver: () => void;
  /** Works on an outbox. @default this node leaves outboxes to others */
  readonly deliver?: Deliver;
  /** Called with an outbox that was told of a change. */
  readonly onTold?: (outbox: string) => void;
}

/**
 * Works on an outbox while its lease is held, and gives the lease back when nothing is left to do now. It
 * ends soon after `stopping` aborts.
 */
export type Deliver = (outbox: string, hold: HeldLease, stopping: AbortSignal) => Promise<void>;

/** Thrown for an outbox on a node that delivers nothing. Another node may. */
export class UnservedError extends Error {
  override readonly name = 'UnservedError';
}

/**
 * Works on a session while its lease is held. It recovers a turn that another node left open, starts waiting
 * messages one turn at a time, closes expired approvals, tells the outbox, drops an expired one-shot log, and
 * gives the lease back when nothing is left. A restart and a takeover take this same path.
 */
export async function own(options: OwnOptions): Promise<void> {
  const { store, transcripts, agent, session, hold, stopping, retention = {} } = options;
  const { log } = store;
  let transcript: Transcript | undefined;
  // Besides the history, the messages of the turn itself, and the turn before it, are needed.
  const part = agent.history === undefined ? {} : { messages: agent.history + 3 };
  const read = (earlier: Transcript | undefined): Promise<Transcript | undefined> => {
    const written = hold.takeWritten(earlier?.state.last);
    const start = earlier && advance(earlier, written);
    return hold.insist(() => transcripts.read(session, part, start));
  };
  for (;;) {
    transcript = await read(transcript);
    if (transcript === undefined) return;
    const before = transcript;
    const { state, head } = before;
    if (stopping.aborted) return;
    if (head.kind === 'outbox') {
      if (options.deliver === undefined) throw new UnservedError();
      await options.deliver(session, hold, stopping);
      return;
    }
    const now = Date.now();
    if (head.outbox?.hasNews) {
      await tell(options, head.outbox.session);
      continue;
    }
    if (head.turn !== undefined) {
      if (!(await takeOver(options, before, head.turn))) continue;
    } else if (head.waiting !== undefined && head.waiting.expiresAt <= now) {
      await hold.command({ type: 'expire', at: now });
      continue;
    } else if (
      head.kind === 'once' &&
      head.queue.length === 0 &&
      head.dueAt !== undefined &&
      head.dueAt <= now
    ) {
      await dropSession(log, session, head);
      return;
    } else if (!(await hold.command({ type: 'start', at: now }))) {
      if (await hold.release(head.version)) return;
      continue;
    }
    transcript = await read(transcript);
    if (transcript?.head.turn === undefined) continue;
    await runTurn(options, transcript.state, transcript.head, transcript.head.turn);

    const later = await read(transcript);
    if (later === undefined) return;
    let ended = later;
    // `retain` needs the state from before the turn. If this node took the turn over, the turn was open when
    // the node read the log, so the node does not have that state. A one-shot log is dropped as a whole.
    if (head.turn === undefined && later.head.turn === undefined && head.kind !== 'once') {
      const stateAt = (id: EntryId) => transcripts.at(session, id);
      const { message } = transcript.head.turn;
      const span = { message, before: state, after: later.state, trimmed: later.trimmed, stateAt };
      ended = { ...later, trimmed: await retain(log, session, span, retention) };
    }
    transcript = ended.head.turn === undefined ? await transcripts.keep(session, ended) : ended;
  }
}

/** Tells the outbox first: if this node dies in between, the next one tells it again. */
async function tell({ store, hold, onTold }: OwnOptions, outbox: string): Promise<void> {
  await hold.insist(() => tellOutbox(store.log, outbox));
  onTold?.(outbox);
  await hold.command({ type: 'told', at: Date.now() });
}

/**
 * Takes over a turn: closes what a dead node left open. Resolves with true if the turn was started again.
 * With false, the turn has ended, or the session must be read again.
 */
async function takeOver(
  { hold, agent, onTakenOver }: OwnOptions,
  { state }: Transcript,
  open: OpenTurn,
): Promise<boolean> {
  const { turn, cancelled } = open;
  const at = Date.now();
  const { events, next } = recover(findTurn(state, turn), cancelled === true, agent, turn);
  const error = { code: 'interrupted', message: 'The server stopped while this answer was being made.' };
  // `decide` ends a turn that was cancelled as cancelled.
  const command: HolderCommand =
    next === 'restart' ? { type: 'restart', at } : { type: 'end', turn, outcome: 'failed', error, at };
  if (!(await hold.command(command, events))) return false;
  onTakenOver();
  return next === 'restart';
}
