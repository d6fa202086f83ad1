import type { FetchLike, OnConnection, RequestHeaders, TimingOptions } from '../client/index.ts';

/** The fields of a message (`UIMessage`) that the transport reads. */
export interface ChatMessage {
  readonly id: string;
  readonly role: string;
}

/** The options that the SDK gives with each request of a chat. */
export interface ChatRequest {
  readonly chatId: string;
  readonly abortSignal?: AbortSignal | undefined;
  readonly headers?: Record<string, string> | Headers | undefined;
  readonly body?: object | undefined;
}

export interface ChatSubmission extends ChatRequest {
  readonly trigger: 'submit-message' | 'regenerate-message';
  readonly messageId?: string | undefined;
  readonly messages: readonly ChatMessage[];
}

/**
 * A transport for `useChat` of the AI SDK 5, 6 and 7. It fits `ChatTransport` of each of them, so the chunks
 * have the type that the SDK wants.
 */
export interface ChatTransport {
  readonly resumeStreamIsReplay: true;
  sendMessages<Chunk>(submission: ChatSubmission): Promise<ReadableStream<Chunk>>;
  reconnectToStream<Chunk>(request: ChatRequest): Promise<ReadableStream<Chunk> | null>;
}

export interface ChatTransportOptions extends TimingOptions {
  /**
   * The path or URL of `aiSdk()`.
   * @default '/ai'
   */
  readonly api?: string;
  /**
   * The version of the package `ai`, if the server's `aiSdk()` names another one.
   * @default the server's
   */
  readonly version?: 5 | 6 | 7;
  readonly headers?: RequestHeaders;
  /**
   * The meaning of an abort. `cancel`: the agent stops. `leave`: only this page stops reading. `useChat`
   * aborts when its component is unmounted, so use `leave` where users leave a chat that should go on.
   * @default 'cancel'
   */
  readonly onAbort?: 'cancel' | 'leave';
  /**
   * Whether to send the whole conversation each time, for chats that began elsewhere.
   * @default false: what is new, and the message before it
   */
  readonly history?: boolean;
  /** Called when the connection changes. The detail says why it waits, and until when. */
  readonly onConnection?: OnConnection;
  /** @default globalThis.fetch */
  readonly fetch?: FetchLike;
}
