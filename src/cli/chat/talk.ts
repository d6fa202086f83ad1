import type { Client, Connection, Received, Session } from '../../client/index.ts';
import { toText } from '../../protocol/index.ts';
import type { SessionState } from '../../protocol/index.ts';
import type { Teller } from './teller.ts';

/** A conversation as a terminal leads it. */
export interface Talk {
  /** The session, once there is one. */
  readonly session: Session | undefined;
  /** The turn to cancel, if one runs. */
  readonly turn: string | undefined;
  /** Whether something that was sent is not answered yet. */
  readonly busy: boolean;
  /** Sends a message; resolves once the server has it. */
  send(text: string): Promise<void>;
  /** Resolves when nothing is left unanswered; rejects where the session is followed no more. */
  idle(): Promise<void>;
  /** Stops following. Turns go on without us. */
  close(): void;
}

export interface TalkOptions {
  readonly client: Client;
  readonly teller: Teller;
  /** Called before something is told. */
  readonly onTell: () => void;
  /** Called at the end of each turn. */
  readonly onEnd: (outcome: string) => void;
  /** Called after what was told, where nothing is left unanswered. */
  readonly onIdle: () => void;
  /** Called when following the session failed for good. */
  readonly onFail: (error: Error) => void;
}

/** Leads a conversation: in a new session, made with the first message, or in the one given by its state. */
export function createTalk(
  { client, teller, onTell, onEnd, onIdle, onFail }: TalkOptions,
  state?: SessionState,
): Talk {
  const closing = new AbortController();
  const { signal } = closing;
  /** Texts of ours on their way: they are on the screen already. */
  const sending: string[] = [];
  /** What waits for an answer: turns by the name of their message. */
  const open = new Map<string, string>(state?.messages.flatMap(toOpen));
  let turn = state?.turn;
  let session = state && client.session(state.session);
  let idle = Promise.withResolvers<void>();
  let failure: Error | undefined;
  let lost = 0;

  if (session) void follow(session, state?.last);

  return {
    get session() {
      return session;
    },
    get turn() {
      return turn;
    },
    get busy() {
      return isBusy();
    },
    async send(text) {
      sending.push(text);
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
    },
    async idle() {
      while (isBusy() && failure === undefined) await idle.promise;
      if (failure) throw failure;
    },
    close: () => closing.abort(),
  };

  async function follow({ events }: Pick<Session, 'events'>, after: string | undefined): Promise<void> {
    try {
      for await (const { event } of events({ signal, onConnection, ...(after !== undefined && { after }) })) {
        onEvent(event);
        if (!isBusy()) settle();
      }
      failure = new Error('The conversation is closed.');
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      onFail(failure);
    }
    idle.resolve();
  }

  function onEvent(event: Received['event']): void {
    if (event.type === 'message') {
      open.set(event.message, event.turn);
      const index = sending.indexOf(toText(event.content));
      if (index >= 0) return void sending.splice(index, 1);
      onTell();
      teller.message(event.content, event.author);
      return;
    }
    if (event.type === 'resync' && event.state) {
      open.clear();
      for (const [message, theirs] of event.state.messages.flatMap(toOpen)) open.set(message, theirs);
      turn = event.state.turn;
    }
    if (event.type === 'message_start') turn = event.turn;
    if (event.type === 'withdraw') open.delete(event.message);
    onTell();
    teller.event(event);
    if (event.type === 'message_end') {
      for (const [message, theirs] of open) if (theirs === event.turn) open.delete(message);
      turn = undefined;
      onEnd(event.outcome);
    }
  }

  /** A first retry that succeeds is too short to be worth a word. */
  function onConnection(connection: Connection): void {
    if (connection === 'live') lost = 0;
    if (connection !== 'waiting') return;
    lost += 1;
    if (lost !== 2) return;
    onTell();
    teller.notice('reconnecting…');
    if (!isBusy()) onIdle();
  }

  function isBusy(): boolean {
    return sending.length + open.size > 0;
  }

  function settle(): void {
    idle.resolve();
    idle = Promise.withResolvers();
    onIdle();
  }
}

/** What of a state waits for an answer. */
function toOpen(message: SessionState['messages'][number]): readonly (readonly [string, string])[] {
  const isOpen = message.role === 'agent' ? message.outcome === undefined : message.status === 'waiting';
  return isOpen ? [[message.message, message.turn]] : [];
}
