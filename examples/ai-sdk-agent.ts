// An agent of the AI SDK, with a tool that needs an approval.
// Try it: AI_GATEWAY_API_KEY=… npx heddle serve examples/ai-sdk-agent.ts
import { ToolLoopAgent, tool } from 'ai';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { z } from 'zod';

const send = tool({
  title: 'Send this email?',
  description: 'Sends an email.',
  inputSchema: z.object({ to: z.string(), text: z.string() }),
  needsApproval: true,
  execute: ({ to }) => `The email to ${to} is sent.`,
});

const model = process.env['MODEL'] ?? 'openai/gpt-5.4';

export default aiSdkAgent(() => new ToolLoopAgent({ model, tools: { send }, onError: () => {} }));
