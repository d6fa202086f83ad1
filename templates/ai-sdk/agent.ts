import { stepCountIs, tool, ToolLoopAgent } from 'ai';
import { aiSdkAgent } from 'heddle/agents/ai-sdk';
import { z } from 'zod';
import { offlineModel } from './offline-model.ts';

// A real model: openai('gpt-5.4') of '@ai-sdk/openai', or any other provider of the AI SDK
const model = offlineModel;

const orders = new Map([['17', { item: 'a loom', euros: 120 }]]);

const findOrder = tool({
  description: 'Finds an order by its number.',
  inputSchema: z.object({ order: z.string() }),
  execute: ({ order }) => {
    const found = orders.get(order);
    return found
      ? `Order ${order} is ${found.item} for ${found.euros} euros.`
      : `Order ${order} is not known.`;
  },
});

const payBack = tool({
  // The question on the page.
  title: 'Pay this order back?',
  description: 'Pays an order back. A person has to approve it.',
  inputSchema: z.object({ order: z.string() }),
  // The turn ends with the question, and the tool runs when a person has said yes.
  needsApproval: true,
  execute: ({ order }) => {
    const found = orders.get(order);
    return found ? `Order ${order} is paid back: ${found.euros} euros.` : `Order ${order} is not known.`;
  },
});

export default aiSdkAgent(
  () =>
    new ToolLoopAgent({
      model,
      tools: { find_order: findOrder, pay_back: payBack },
      instructions: 'You help the customers of a shop with their orders.',
      stopWhen: stepCountIs(8),
    }),
  { tools: { find_order: { idempotent: true } } },
);
