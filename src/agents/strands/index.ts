export { strands } from './strands.ts';
export type { StrandsContext, StrandsFactory, StrandsOptions } from './strands.ts';
export type { StrandsAgentLike } from './strands-agent-like.ts';
export type { StrandsBlock, StrandsMessage } from './strands-message.ts';
export type { FailureCode } from '../kit/index.ts';
export { toolKey } from './tool-key.ts';
export type { HeddleState, ToolContextLike } from './tool-key.ts';
