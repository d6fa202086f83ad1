export { a2a } from './a2a.ts';
export type { A2aOptions } from './a2a.ts';
export type { AgentCardOptions, AgentSkill } from './agent-card.ts';
export type { SecurityScheme } from './security-schemes.ts';
