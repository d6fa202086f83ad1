import type { DialectOracle } from 'heddle/testing';
import { commandClients } from './open-ai/command-clients.ts';
import { langChain } from './open-ai/lang-chain.ts';
import { sdkChats } from './open-ai/sdk-chat.ts';
import { sdkResponses } from './open-ai/sdk-responses.ts';

/** The clients of OpenAI's API. */
export const openAiOracles: readonly DialectOracle[] = [
  ...sdkResponses,
  ...sdkChats,
  ...langChain,
  ...commandClients,
];
