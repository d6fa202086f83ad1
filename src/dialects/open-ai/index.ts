export { openAi } from './open-ai.ts';
export type { OpenAiOptions } from './open-ai.ts';
