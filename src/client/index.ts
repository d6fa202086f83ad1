export { BidirectionalSSEClient } from './compat/bidirectional-sse-client.ts';
export { ClientError } from './client-error.ts';
export { createClient } from './client.ts';
export { createKey } from './create-key.ts';
export type {
  AskOptions,
  BeginOptions,
  Begun,
  Client,
  ClientOptions,
  CreateOptions,
  ListOptions,
  SessionSummary,
} from './client.ts';
export { createConversation } from './conversation.ts';
export type { Conversation, ConversationOptions } from './conversation.ts';
export type { ConversationView } from './conversation-view.ts';
export type { ByteSource, FetchInit, FetchLike, FetchResponse } from './fetch-like.ts';
export type { Connection, ConnectionDetail, OnConnection } from './keep-trying.ts';
export { createEventStream } from './event-stream.ts';
export type { EventStream, EventStreamOptions, StreamMessage } from './event-stream.ts';
export type { PageChange } from './page-life.ts';
export type { Via } from './reconnection.ts';
export type { Events } from './to-events.ts';
export type { EventAtId, UnknownEvent } from './event-at-id.ts';
export type { SendOptions, SendReceipt, Session, StateOptions } from './session.ts';
export { SharedSSEConnection } from './compat/shared-sse-connection.ts';
export { SSEClient } from './compat/sse-client.ts';
export type { Handlers, ToolUse } from './deliver.ts';
export type { Timing, TimingOptions } from './timing.ts';
export type { RequestHeaders } from './transport.ts';
export type { CallOptions } from './call.ts';
export type { EventsOptions } from './follow-stream.ts';
