import type { Store } from '../log/index.ts';
import { RefusalError } from '../protocol/index.ts';
import { checkNumber, mint } from '../protocol/internal.ts';
import type { Agent } from '../protocol/index.ts';
import type { CallerCommand, Creation } from './command.ts';
import { create, decide } from './decide.ts';
import { createHeldLease, LeaseLostError } from './held-lease.ts';
import { startLooking } from './due-look.ts';
import { createGatherWheel } from './gather.ts';
import { own, UnservedError } from './own.ts';
import type { Deliver } from './own.ts';
import { createTranscripts } from '../transcripts/index.ts';
import type { Transcripts } from '../transcripts/index.ts';
import { createRests } from './rests.ts';
import type { Retention } from './retain.ts';
import type { TurnOptions } from './run-turn.ts';
import { toSubmission, submit } from './submit.ts';
import { hurryNews } from './tell-outbox.ts';
import type { Key, SubmitOptions, Submission } from './submit.ts';
import { reportError } from './report-error.ts';

/** Takes commands into logs, and runs the turns. */
export interface Engine {
  /** Creates a session. If a first message is given, it is part of the same append. Throws a RefusalError. */
  create(
    creation: Creation,
    message: (CallerCommand & { type: 'message' }) | undefined,
    key: Key | undefined,
  ): Promise<Submission>;
  /**
   * Decides a command and appends the result. Throws a RefusalError. A turn that it starts runs on, even
   * without readers.
   */
  submit(session: string, command: CallerCommand, options: SubmitOptions): Promise<Submission>;
  /** Takes up a session's work if no node does it. */
  kick(session: string): void;
  /** The number of sessions that this node works on. */
  readonly running: number;
  /** The number of turns that this node has taken over. */
  readonly takenOver: number;
  /**
   * The error of the last look for due work, if it failed. Until a look succeeds, this node takes over no
   * turn that another node left.
   */
  readonly trouble: unknown;
  /** Returns whether this node works on a session. */
  isAtWork(session: string): boolean;
  /**
   * Closes the engine: it starts no more turns, and waits for those that run. After `drainMs` milliseconds it
   * leaves them to the next node.
   */
  close(drainMs: number): Promise<void>;
}

export interface EngineOptions extends TurnOptions {
  readonly store: Store;
  /** @default one of its own over the store */
  readonly transcripts?: Transcripts;
  readonly agent: Agent;
  /** How long a lease lives without renewal, in milliseconds. @default 10_000 */
  readonly leaseMs?: number;
  /** How often the engine looks for sessions whose node died, in milliseconds. @default 1_000 */
  readonly dueMs?: number;
  /** How many messages may wait in a session. @default 32 */
  readonly maxQueue?: number;
  readonly retention?: Retention;
  /** Works on outboxes. @default this node leaves them to others */
  readonly deliver?: Deliver;
}

/** Starts an engine over a store. It looks at once for work that a dead node or an earlier process left. */
export function createEngine(options: EngineOptions): Engine {
  const { store, leaseMs = 10_000, dueMs = 1_000, maxQueue, retention } = options;
  const deciding = { maxQueue, onceMs: retention?.onceMs };
  const { log, leases } = store;
  if (options.agent.history !== undefined)
    checkNumber('history of the agent', options.agent.history, { whole: true, infinity: 'for all' });
  const onCheckpointError = (error: unknown): void => reportError(options.onError, error);
  const { transcripts = createTranscripts({ store, onError: onCheckpointError }) } = options;
  const node = mint(12);
  const owned = new Map<string, { promise: Promise<void>; again: boolean }>();
  const rests = createRests();
  const wheel = createGatherWheel(options.gatherMs);
  const stopping = new AbortController();
  const leave = new AbortController();
  let takenOver = 0;
  const onTakenOver = (): void => {
    takenOver += 1;
  };

  const work = async (session: string): Promise<void> => {
    const fence = await leases.claim(session, node, leaseMs);
    if (fence === undefined) return;
    const hold = createHeldLease({ log, leases, fence, ttlMs: leaseMs, deciding, leave: leave.signal });
    try {
      await own({
        ...options,
        transcripts,
        session,
        hold,
        wheel,
        stopping: stopping.signal,
        leave: leave.signal,
        onTakenOver,
        onTold: kick,
      });
    } finally {
      await hold.close();
    }
  };

  const kick = (session: string): void => {
    if (stopping.signal.aborted) return;
    const busy = owned.get(session);
    if (busy) {
      // The work that runs may have just found nothing left to do.
      busy.again = true;
      return;
    }
    const entry = { promise: Promise.resolve(), again: false };
    owned.set(session, entry);
    entry.promise = work(session)
      .then(
        () => rests.succeed(session),
        (error: unknown) => {
          if (error instanceof LeaseLostError) return;
          rests.fail(session);
          if (error instanceof UnservedError) return;
          reportError(options.onError, error, { session });
        },
      )
      .finally(() => {
        owned.delete(session);
        if (entry.again) kick(session);
      });
  };

  const takeUp = async (): Promise<void> => {
    // Resting sessions come first in the list. The larger limit leaves room for others.
    const due = await leases.due(100 + rests.size);
    for (const session of due) if (!rests.isResting(session)) kick(session);
  };
  const looking = startLooking(takeUp, dueMs, options.onError);

  const refuseWhileClosing = (): void => {
    if (stopping.signal.aborted) throw new RefusalError('draining');
  };

  return {
    create: async (creation, message, key) => {
      refuseWhileClosing();
      const first = create(creation);
      const second = message && decide(first.head, message, deciding);
      if (second?.type === 'refuse') throw new RefusalError(second.code);
      const sent = second?.type === 'append' ? second : undefined;
      const result = await log.append(creation.session, [...first.events, ...(sent?.events ?? [])], {
        head: { was: 0, now: sent?.head ?? first.head },
        ...(key && { key }),
      });
      return result.type === 'appended' ? { entries: result.entries, repeated: false } : toSubmission(result);
    },
    submit: async (session, command, submission) => {
      refuseWhileClosing();
      const submitted = await submit(log, session, command, { ...deciding, ...submission });
      kick(session);
      if (!submitted.repeated)
        void hurryNews(log, session, submitted.entries).then(
          (outbox) => outbox !== undefined && kick(outbox),
          () => {},
        );
      return submitted;
    },
    kick,
    get running() {
      return owned.size;
    },
    get takenOver() {
      return takenOver;
    },
    get trouble() {
      return looking.trouble;
    },
    isAtWork: (session) => owned.has(session),
    close: async (drainMs) => {
      stopping.abort();
      looking.stop();
      const deadline = setTimeout(() => leave.abort(), drainMs);
      await Promise.all([...owned.values()].map(({ promise }) => promise));
      clearTimeout(deadline);
    },
  };
}
