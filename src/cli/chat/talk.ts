import { ClientError } from '../../client/index.ts';
import type { Client, Connection, EventAtId, Session } from '../../client/index.ts';
import { toText } from '../../protocol/index.ts';
import type { PendingApproval, SessionState } from '../../protocol/index.ts';
import { createOpenApprovals } from './open-approvals.ts';
import type { Teller } from './teller.ts';

/** A conversation held from a terminal. */
export interface Talk {
  /** The session; undefined before the first message. */
  readonly session: Session | undefined;
  /** The turn to cancel: it runs or waits for approvals. */
  readonly turn: string | undefined;
  /** Whether a message is still unanswered. */
  readonly busy: boolean;
  /** The approval to ask for, when the agent waits for one. */
  readonly approval: PendingApproval | undefined;
  /** Answers an approval. Resolves also when another client was first: the log has that answer. */
  answer(approval: string, approved: boolean): Promise<void>;
  /** Sends a message. Resolves when the server has accepted it. */
  send(text: string): Promise<void>;
  /** Resolves when no message is unanswered. Rejects when the session can no longer be followed. */
  idle(): Promise<void>;
  /** Stops following the session. Its turns continue on the server. */
  close(): void;
}

export interface TalkOptions {
  readonly client: Client;
  readonly teller: Teller;
  /** Called before something is printed. */
  readonly onTell: () => void;
  /** Called at the end of each turn. */
  readonly onEnd: (outcome: string) => void;
  /**
   * Called after something was printed, when no message is unanswered or an approval has to be answered here.
   */
  readonly onRest: () => void;
  /** Called when following the session failed permanently. */
  readonly onFail: (error: Error) => void;
}

/**
 * Holds a conversation. Without `state` the first message creates a new session. With `state` it resumes that
 * session.
 */
export function createTalk(
  { client, teller, onTell, onEnd, onRest, onFail }: TalkOptions,
  state?: SessionState,
): Talk {
  const closing = new AbortController();
  const { signal } = closing;
  /** Texts that are being sent. They are already on the screen. */
  const sending: string[] = [];
  /** Unanswered turns, by message id. */
  const open = new Map<string, string>(state?.messages.flatMap(toOpen));
  const approvals = createOpenApprovals();
  approvals.restart(state);
  let turn = state?.turn;
  let session = state && client.session(state.session);
  let idle = Promise.withResolvers<void>();
  let failure: Error | undefined;
  let lost = 0;
  let last = Promise.resolve();

  if (session) void follow(session, state?.last);

  return {
    get session() {
      return session;
    },
    get turn() {
      return turn ?? approvals.turn;
    },
    get busy() {
      return isBusy();
    },
    get approval() {
      return approvals.next;
    },
    async answer(approval, approved) {
      approvals.answering(approval, true);
      try {
        await session?.answer(approval, approved);
      } catch (error) {
        // Another client's answer is in the log, or about to be.
        if (error instanceof ClientError && error.code === 'too_late') return;
        approvals.answering(approval, false);
        throw error;
      }
    },
    send(text) {
      sending.push(text);
      // One at a time: messages arrive in the order they were typed, and only the first creates a session.
      const sent = last.then(() => post(text));
      last = sent.catch(() => {});
      return sent;
    },
    async idle() {
      while (isBusy() && failure === undefined) await idle.promise;
      if (failure) throw failure;
    },
    close: () => closing.abort(),
  };

  async function post(text: string): Promise<void> {
    try {
      if (session === undefined) {
        session = await client.create({ signal, tries: 4 });
        void follow(session, undefined);
      }
      await session.send(text, { signal });
    } catch (error) {
      const index = sending.indexOf(text);
      if (index >= 0) sending.splice(index, 1);
      throw error;
    }
  }

  async function follow(from: Session, after: string | undefined): Promise<void> {
    const options = { signal, onConnection, ...(after !== undefined && { after }) };
    try {
      for await (const { event } of from.events(options)) {
        if (event.type === 'resync')
          // Messages and turns that are open are in any window.
          restart(event.state ?? (await from.state({ signal, messages: 1 })));
        onEvent(event);
        rest();
      }
      failure = new Error('The conversation is closed.');
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      onFail(failure);
    }
    idle.resolve();
  }

  function restart(now: SessionState): void {
    open.clear();
    for (const [message, theirs] of now.messages.flatMap(toOpen)) open.set(message, theirs);
    turn = now.turn;
    approvals.restart(now);
  }

  function onEvent(event: EventAtId['event']): void {
    if (event.type === 'message') {
      open.set(event.message, event.turn);
      const index = sending.indexOf(toText(event.content));
      if (index >= 0) return void sending.splice(index, 1);
      onTell();
      teller.message(event.content, event.author);
      return;
    }
    if (event.type === 'message_start') {
      turn = event.turn;
      open.set(event.message, event.turn);
    }
    const next = approvals.see(event);
    // A turn that continues after its approvals has no message of its own.
    if (next !== undefined) open.set(next, next);
    if (event.type === 'withdraw') open.delete(event.message);
    onTell();
    teller.event(event);
    if (event.type === 'message_end') {
      for (const [message, theirs] of open) if (theirs === event.turn) open.delete(message);
      turn = undefined;
      onEnd(event.outcome);
    }
  }

  /** Reports a lost connection at the second retry: a first retry that succeeds is too short to mention. */
  function onConnection(connection: Connection): void {
    if (connection === 'live') lost = 0;
    if (connection !== 'waiting') return;
    lost += 1;
    if (lost !== 2) return;
    onTell();
    teller.notice('reconnecting…');
    if (isResting()) onRest();
  }

  function isBusy(): boolean {
    return sending.length + open.size > 0 || approvals.turn !== undefined;
  }

  function isResting(): boolean {
    return approvals.next !== undefined || !isBusy();
  }

  function rest(): void {
    if (!isBusy()) {
      idle.resolve();
      idle = Promise.withResolvers();
    }
    if (isResting()) onRest();
  }
}

/** Returns the message and turn ids that still wait for an answer. */
function toOpen(message: SessionState['messages'][number]): readonly (readonly [string, string])[] {
  const isOpen = message.role === 'agent' ? message.outcome === undefined : message.status === 'waiting';
  return isOpen ? [[message.message, message.turn]] : [];
}
