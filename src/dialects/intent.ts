import type { PastMessage, SessionState } from '../protocol/index.ts';
import type { BareFrame } from './bare-frame.ts';
import type { DialectReply } from './dialect-reply.ts';
import type { Exchange } from './exchange.ts';

/** The aim of a request of a dialect. The server performs it. */
export type Intent = SendIntent | AnswerIntent | ReadIntent | CancelIntent | ReplyIntent;

/** Sends a message. The thread's session is created if it does not exist. */
export interface SendIntent {
  readonly type: 'send';
  readonly thread: ThreadName;
  readonly message: OutgoingMessage;
  /**
   * The idempotency key: at most 200 characters. A repeated request finds the exchange of the first one.
   * Another content under the same key is refused. The header `Idempotency-Key` comes before it.
   */
  readonly key?: string;
  /**
   * No client can answer approvals in the session that this message creates. Those that its agent asks for
   * expire at once, and its turn ends as one that waits.
   */
  readonly unattended?: true;
  readonly show: Show;
}

/** Answers approvals. All that are open must be answered, unless `pending` says what is shown meanwhile. */
export interface AnswerIntent {
  readonly type: 'answer';
  readonly thread: ThreadName;
  readonly decisions: readonly { readonly approval: string; readonly decision: unknown }[];
  /** The client's own name of the turn that goes on. */
  readonly run?: string;
  readonly show: Show;
  /** Shown if other approvals are still open. Without it, such an answer is refused as `malformed`. */
  readonly pending?: Show;
}

/** Reads an exchange: to load a conversation, to resume a stream, to poll. */
export interface ReadIntent {
  readonly type: 'read';
  readonly thread: ThreadName;
  /** Absent: the conversation is wanted, and no exchange. Then `show` must be a `now`. */
  readonly of?: ExchangeName;
  readonly show: Show;
  /** The reply if there is no such session or exchange. @default it is refused as `not_found` */
  readonly none?: DialectReply;
}

/** Cancels the open turn, or the approvals that the session waits for, or withdraws a waiting message. */
export interface CancelIntent {
  readonly type: 'cancel';
  readonly thread: ThreadName;
  /** Cancels only if this exchange is open. @default what is open */
  readonly of?: ExchangeName;
  readonly show: Show;
  /** The reply if there is no such session, or nothing to cancel. @default it is refused as `not_found` */
  readonly none?: DialectReply;
}

/** Returns a body that needs no session. */
export interface ReplyIntent {
  readonly type: 'reply';
  readonly reply: DialectReply;
}

/** Names the session of a request. Each name belongs to its owner: no caller can name another's session. */
export type ThreadName =
  /** A name that the client made, of at most 200 characters. A caller's own session id is a name, too. */
  | { readonly type: 'named'; readonly name: string }
  /** A new session that is the same for the same key. `once`: kept an hour, and in no list. */
  | { readonly type: 'keyed'; readonly key: string; readonly once?: true }
  /** A session by its id. */
  | { readonly type: 'session'; readonly session: string }
  /** The caller's session in which a turn of this `run` is at work. */
  | { readonly type: 'at-work'; readonly run: string }
  | { readonly type: 'new'; readonly once?: true };

/** Names one exchange of a session. */
export type ExchangeName =
  /** The one whose turn runs or is next. A session that waits for approvals has none. */
  | 'open'
  /**
   * The open one, or the last one if it ended less than 30 s ago. A page that loaded half of an answer and
   * resumes it gets the whole, also if it ended in between.
   */
  | 'recent'
  /** The open one, or else the last one. */
  | 'last'
  | { readonly turn: string }
  /** By the client's own name of a turn. */
  | { readonly run: string }
  /** By the message, or by the sender's own name of it. */
  | { readonly message: string };

/** A message as a dialect hands it on. The server checks the content. */
export interface OutgoingMessage {
  readonly content: unknown;
  /** The sender's own name of the message, at most 200 characters. */
  readonly ref?: string;
  /** The sender's own name of the turn, at most 200 characters. */
  readonly run?: string;
  readonly author?: string;
  /**
   * The message that this one replaces, by its name or its `ref`. It may be this message's own `ref`, for
   * clients that send an edited message under its id: then the last message of that `ref` is replaced, if
   * there is one.
   */
  readonly replaces?: string;
  /**
   * The message whose answer the sender has seen begin, by its name or its `ref`. If the open turn answers it,
   * the sender has stopped that answer, and the message interrupts. Otherwise the message waits for its turn.
   */
  readonly seen?: string;
  /**
   * The turn that the message goes on from, for clients that name it. If the conversation has gone on since then,
   * the message begins a new session, with the conversation up to that turn as its past. So several messages may
   * go on from one turn, and none of them sees the others.
   */
  readonly follows?: string;
  /** The conversation so far, for a session that does not exist yet. Ignored for one that does. */
  readonly past?: readonly PastMessage[];
  /** Kept with a new session. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** How the server answers. */
export type Show =
  | StreamShow
  /**
   * Replies with a body: `whole` when the turn has ended or waits for approvals, `now` at once. A function gets
   * the whole conversation, which costs a fold of it. A reply that does not need it is a value.
   */
  | { readonly as: 'whole' | 'now'; readonly reply: DialectReply | ((found: Finding) => DialectReply) };

/** Answers with a stream of the exchange. */
export interface StreamShow {
  readonly as: 'stream';
  /** The id of the last frame that the client has, or `state`: the preface shows all entries so far. */
  readonly after?: string;
  /** How many frames of the exchange the client has. */
  readonly skip?: number;
  /** Shows the exchange's turns before the current one, too. */
  readonly whole?: true;
  /** Leaves out parts that were discarded later. Only for clients that bring no cursor. */
  readonly fresh?: true;
  readonly variant?: string;
  /** Returns frames that come first. They carry no ids. */
  preface?(found: Finding): Preface;
}

export interface Preface {
  readonly frames: readonly BareFrame[];
  /** Whether the stream ends after the frames. */
  readonly ends?: true;
}

/** The session, exchange and state that the server found for a request. */
export interface Finding {
  readonly session: string;
  /** The client's own name of the session, if it gave one. */
  readonly thread?: string;
  /** Absent if no exchange was asked for. */
  readonly exchange?: Exchange;
  readonly state: SessionState;
}
