export { aiSdk } from './ai-sdk.ts';
export type { AiSdkOptions } from './ai-sdk.ts';
export type { AiSdkVersion } from './chunk.ts';
