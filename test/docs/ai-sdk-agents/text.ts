// text.ts
import { stepCountIs, streamText } from 'ai';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { model } from './model.ts';

export default aiSdkAgent(({ call, owner }) =>
  streamText({ model, instructions: `You help ${owner}.`, stopWhen: stepCountIs(8), ...call }),
);
