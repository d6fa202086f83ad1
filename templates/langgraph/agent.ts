import { Command, MemorySaver } from '@langchain/langgraph';
import { langgraph } from 'heddle/agents/langgraph';
import { createAgent, humanInTheLoopMiddleware, tool } from 'langchain';
import { z } from 'zod';
import { OfflineModel } from './offline-model.ts';

// A real model: new ChatOpenAI({ model: 'gpt-5.4' }) of '@langchain/openai', or any other chat model
const model = new OfflineModel();

// The question on the page, and the answers that it has buttons for.
const payBackQuestion = {
  description: 'Pay this order back?',
  allowedDecisions: ['approve' as const, 'reject' as const],
};

const orders = new Map([['17', { item: 'a loom', euros: 120 }]]);

const findOrder = tool(
  ({ order }) => {
    const found = orders.get(order);
    return found
      ? `Order ${order} is ${found.item} for ${found.euros} euros.`
      : `Order ${order} is not known.`;
  },
  {
    name: 'find_order',
    description: 'Finds an order by its number.',
    schema: z.object({ order: z.string() }),
  },
);

const payBack = tool(
  ({ order }) => {
    const found = orders.get(order);
    return found ? `Order ${order} is paid back: ${found.euros} euros.` : `Order ${order} is not known.`;
  },
  {
    name: 'pay_back',
    description: 'Pays an order back. A person has to approve it.',
    schema: z.object({ order: z.string() }),
  },
);

export default langgraph(
  // The graph remembers in Heddle's log, so it needs no database.
  ({ checkpointer }) =>
    createAgent({
      model,
      tools: [findOrder, payBack],
      systemPrompt: 'You help the customers of a shop with their orders.',
      // The turn ends with the question, and the tool runs when a person has said yes.
      middleware: [humanInTheLoopMiddleware({ interruptOn: { pay_back: payBackQuestion } })],
      checkpointer,
    }),
  { Command, MemorySaver, tools: { find_order: { idempotent: true } } },
);
