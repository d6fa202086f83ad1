export { a2a } from './a2a/index.ts';
export type { A2aOptions, AgentCardOptions, AgentSkill, SecurityScheme } from './a2a/index.ts';
export { agUi } from './ag-ui/index.ts';
export type { AgUiOptions, CopilotAgent } from './ag-ui/index.ts';
export { aiSdk } from './ai-sdk/index.ts';
export type { AiSdkOptions, AiSdkVersion } from './ai-sdk/index.ts';
export type { BareFrame } from './bare-frame.ts';
export { createChain } from './chain.ts';
export type { Chain, ChainPlace } from './chain.ts';
export type { Dialect, Projection, Scope } from './dialect.ts';
export type { DialectReply, Refusal } from './dialect-reply.ts';
export type { DialectRequest, DialectRoute } from './dialect-route.ts';
export type { Exchange } from './exchange.ts';
export type {
  AnswerIntent,
  CancelIntent,
  ExchangeName,
  Finding,
  Intent,
  ListIntent,
  Listing,
  OutgoingMessage,
  Preface,
  ReadIntent,
  ReplyIntent,
  SendIntent,
  Show,
  StreamShow,
  ThreadName,
  WebhooksIntent,
} from './intent.ts';
export { mcp } from './mcp/index.ts';
export type { McpOptions } from './mcp/index.ts';
export { named } from './named.ts';
export { openAi } from './open-ai/index.ts';
export type { OpenAiOptions } from './open-ai/index.ts';
export { tagged } from './tagged.ts';
export { typed } from './typed.ts';
export type { ChangeNotice, ExchangeChange, KeptWebhook, NoticeRequest, Webhook } from './webhook.ts';
