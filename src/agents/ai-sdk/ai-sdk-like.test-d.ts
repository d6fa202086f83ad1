import type * as sdk from 'ai';
import type * as sdk6 from 'ai6';
import type { AiSdkFactory } from './ai-sdk-agent.ts';
import type { AiSdkCall } from './ai-sdk-call.ts';
import type { AiSdkAgentLike, AiSdkResultLike } from './ai-sdk-like.ts';
import type { AiSdkMessage } from './ai-sdk-message.ts';

type Fits<Real extends Shape, Shape> = Real;
type Options = Parameters<typeof sdk.streamText>[0];
type Options6 = Parameters<typeof sdk6.streamText>[0];
declare const model: Options['model'];
declare const model6: Options6['model'];
declare const loose: sdk.ToolLoopAgent<never, sdk.ToolSet>;

/** The SDK's agents and results fit without a cast, and what is made here fits the SDK's types. */
export type Checks = [
  Fits<sdk.ToolLoopAgent, AiSdkAgentLike>,
  Fits<typeof loose, AiSdkAgentLike>,
  Fits<sdk6.ToolLoopAgent, AiSdkAgentLike>,
  Fits<ReturnType<typeof sdk.streamText>, AiSdkResultLike>,
  Fits<ReturnType<typeof sdk6.streamText>, AiSdkResultLike>,
  Fits<AiSdkMessage, sdk.ModelMessage>,
  Fits<AiSdkMessage, sdk6.ModelMessage>,
];

declare const streamText: typeof sdk.streamText;
declare const streamText6: typeof sdk6.streamText;
declare const tools: sdk.ToolSet;

export const factories: readonly AiSdkFactory[] = [
  ({ call }) => streamText({ model, tools, ...call }),
  ({ call }) => streamText6({ model: model6, ...call }),
  async ({ call }) => streamText({ model, ...call, onStepEnd: (step) => call.onStepEnd(step) }),
  ({ call }) => loose.stream({ ...call, abortSignal: call.abortSignal }),
];

export type Given = Fits<AiSdkCall, object>;
