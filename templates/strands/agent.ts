import { Agent, tool } from '@strands-agents/sdk';
import { strands } from 'heddle/agents/strands';
import { z } from 'zod';
import { OfflineModel } from './offline-model.ts';

// A real model: new OpenAIModel({ api: 'chat', modelId: 'gpt-5.4' }) of '@strands-agents/sdk/models/openai'
const model = new OfflineModel();

const orders = new Map([['17', { item: 'a loom', euros: 120 }]]);

const findOrder = tool({
  name: 'find_order',
  description: 'Finds an order by its number.',
  inputSchema: z.object({ order: z.string() }),
  callback: ({ order }) => {
    const found = orders.get(order);
    return found
      ? `Order ${order} is ${found.item} for ${found.euros} euros.`
      : `Order ${order} is not known.`;
  },
});

const payBack = tool({
  name: 'pay_back',
  description: 'Pays an order back. A person has to approve it.',
  inputSchema: z.object({ order: z.string() }),
  callback: ({ order }, context) => {
    // The turn ends here, and this tool begins again when the answer has come: ask before you act.
    const decision = context?.interrupt({ name: 'pay_back', reason: `Pay order ${order} back?` });
    if (decision !== true) return 'A person said no.';
    const found = orders.get(order);
    return found ? `Order ${order} is paid back: ${found.euros} euros.` : `Order ${order} is not known.`;
  },
});

export default strands(
  () =>
    new Agent({
      model,
      tools: [findOrder, payBack],
      systemPrompt: 'You help the customers of a shop with their orders.',
      printer: false,
    }),
  { tools: { find_order: { idempotent: true } } },
);
