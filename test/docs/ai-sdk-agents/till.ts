// till.ts
import { ToolLoopAgent, tool } from 'ai';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { z } from 'zod';
import { model } from './model.ts';

const pay = tool({
  title: 'Pay this sum?',
  inputSchema: z.object({ sum: z.number() }),
  needsApproval: ({ sum }) => sum > 10,
  execute: ({ sum }) => `Paid ${sum}.`,
});

export default aiSdkAgent(() => new ToolLoopAgent({ model, tools: { pay }, onError: () => {} }));
