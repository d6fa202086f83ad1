export { isOpenaiAgent } from './openai-agent-like.ts';
export type {
  OpenaiAgentLike,
  OpenaiRun,
  OpenaiRunnerLike,
  OpenaiRunStateLike,
} from './openai-agent-like.ts';
export { openaiAgents } from './openai-agents.ts';
export type { OpenaiAgentsOptions, OpenaiContext, OpenaiFactory } from './openai-agents.ts';
export type { OpenaiAskedCall } from './pending-approvals.ts';
