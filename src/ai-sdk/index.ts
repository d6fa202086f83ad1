export type {
  ChatMessage,
  ChatRequest,
  ChatSubmission,
  ChatTransport,
  ChatTransportOptions,
} from './chat-transport.ts';
export { createChatTransport } from './create-chat-transport.ts';
export { toShownParts } from './shown-parts.ts';
