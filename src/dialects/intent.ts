import type { PastMessage, SessionState } from '../protocol/index.ts';
import type { BareFrame } from './bare-frame.ts';
import type { DialectReply } from './dialect-reply.ts';
import type { Exchange } from './exchange.ts';
import type { KeptWebhook, Webhook } from './webhook.ts';

/** The aim of a request of a dialect. The server performs it. */
export type Intent =
  | SendIntent
  | AnswerIntent
  | ReadIntent
  | ListIntent
  | CancelIntent
  | WebhooksIntent
  | ReplyIntent;

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
  /** Is told of every change of the message's exchange. */
  readonly webhook?: Webhook;
  /**
   * No client can answer approvals in the session that this message creates. Approvals that its agent
   * asks for expire at once, and its turn ends as one that waits.
   */
  readonly unattended?: true;
  readonly show: Show;
}

/** Answers approvals. All that are open must be answered, unless `pending` says what is shown meanwhile. */
export interface AnswerIntent {
  readonly type: 'answer';
  readonly thread: ThreadName;
  /** A decision that names no approval is for all that the exchange `of` asked for last. */
  readonly decisions: readonly { readonly approval?: string; readonly decision: unknown }[];
  /**
   * The exchange that asked. It is refused as `not_found` if there is no such exchange, and as `too_late` if
   * that one did not ask for these approvals.
   * @default what the session waits for
   */
  readonly of?: ExchangeName;
  /**
   * Whether decisions about approvals that are not open in the exchange `of` are left out, and not refused.
   * If none is left, the exchange is shown as it stands.
   */
  readonly ignoreLate?: true;
  /** The client's own name of the turn that goes on. */
  readonly run?: string;
  /**
   * Whether the turn that goes on has the name of the one that asked: to the client, both are one request.
   */
  readonly keepsRun?: true;
  /** Is told of every change that comes after. */
  readonly webhook?: Webhook;
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

/** Lists exchanges of the owner's sessions, or of one session. */
export interface ListIntent {
  readonly type: 'list';
  /** Only this session. A session that does not exist has no exchanges. */
  readonly thread?: ThreadName;
  /** Leaves out the sessions that were last active before, in milliseconds since 1970. */
  readonly since?: number;
  /** Opens a listing for one request. */
  open(): Listing;
}

/** Gathers what a list shows, one session after the other, the last active first. */
export interface Listing {
  see(found: Finding): void;
  reply(): DialectReply;
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

/** Registers or deletes a webhook of an exchange, or only lists them. */
export interface WebhooksIntent {
  readonly type: 'webhooks';
  readonly thread: ThreadName;
  readonly of: ExchangeName;
  /**
   * `put` registers a webhook, which is told of the changes that come after. `drop` deletes one by its id, if
   * there is one. Absent: nothing changes.
   */
  readonly change?: { readonly put: Webhook } | { readonly drop: string };
  /** Returns the reply. It gets the webhooks of the exchange after the change, the oldest first. */
  reply(webhooks: readonly KeptWebhook[], exchange: Exchange): DialectReply;
  /** The reply if there is no such session or exchange. @default it is refused as `not_found` */
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
  /** A session by its id. `name` is a name that it must have, too; another one is refused as `malformed`. */
  | { readonly type: 'session'; readonly session: string; readonly name?: string }
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
   * The message whose answer the sender has seen begin, by its name or its `ref`. If the open turn answers
   * it, the sender has stopped that answer, and the message interrupts. Otherwise the message waits for its
   * turn.
   */
  readonly seen?: string;
  /**
   * The turn that the message goes on from, for clients that name it. If the conversation has gone on since
   * then, the message begins a new session, with the conversation up to that turn as its past. So several
   * messages may go on from one turn, and none of them sees the others.
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
   * Replies with a body: `whole` when the turn has ended or waits for approvals, `now` at once. A function
   * gets the whole conversation, which costs a fold of it. A reply that does not need it is a value. The
   * function may throw a RefusalError.
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
  /**
   * The stream is the only way to cancel: the turn is stopped if the client leaves before the stream is over.
   * For protocols that demand it.
   */
  readonly ownsTurn?: true;
  /**
   * Returns frames that come first. They carry no ids but those that the dialect makes. It
   * may throw a RefusalError.
   */
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
  /** The client's own name of the session, if it gave one now or when it began the session. */
  readonly thread?: string;
  /** Absent if no exchange was asked for. */
  readonly exchange?: Exchange;
  readonly state: SessionState;
  /** When a message was last sent or a turn last ended, in milliseconds since 1970. */
  readonly activeAt?: number;
}
