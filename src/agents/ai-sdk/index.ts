export { aiSdkAgent } from './ai-sdk-agent.ts';
export type { AiSdkAgentOptions, AiSdkContext, AiSdkFactory } from './ai-sdk-agent.ts';
export type { AiSdkCall } from './ai-sdk-call.ts';
export { isAiSdkAgent } from './ai-sdk-like.ts';
export type { AiSdkAgentLike, AiSdkResultLike } from './ai-sdk-like.ts';
export type { AiSdkMessage } from './ai-sdk-message.ts';
export type { FailureCode } from '../kit/index.ts';
