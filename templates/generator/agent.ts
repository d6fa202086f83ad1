import { defineAgent, toText } from 'heddle';
import type { AgentEvent, OpenSession, Turn } from 'heddle';

const orders = new Map([['17', { item: 'a loom', euros: 120 }]]);

/** A tool that only looks something up: it runs at once, and may run twice. */
function findOrder(order: string): string {
  const found = orders.get(order);
  return found ? `Order ${order} is ${found.item} for ${found.euros} euros.` : `Order ${order} is not known.`;
}

/** A tool that cannot be undone: it runs when a person has approved it. */
function payBack(order: string): string {
  const found = orders.get(order);
  return found ? `Order ${order} is paid back: ${found.euros} euros.` : `Order ${order} is not known.`;
}

async function* answer({ input, turn, save, snapshot }: Turn & OpenSession): AsyncGenerator<AgentEvent> {
  // The turn that goes on after an approval. It may run tomorrow, and in another process.
  if (input.type === 'answers') {
    const [approval] = input.answers;
    const order = String(snapshot);
    if (approval?.decision !== true) return yield 'Nothing is paid back.';
    const { call = turn } = approval;
    // The call is in the log before the tool runs.
    yield { type: 'tool_use', call, tool: 'pay_back', input: { order } };
    const output = payBack(order);
    yield { type: 'tool_result', call, output };
    return yield output;
  }

  const question = toText(input.content);
  // A real model: for await (const text of yourModel(history(), question)) yield text;
  const [order] = /\d+/.exec(question) ?? [];
  if (order === undefined) return yield 'Ask me where order 17 is, or to pay order 17 back.';
  if (/back/i.test(question)) {
    yield { type: 'tool_use', call: turn, tool: 'pay_back', input: { order } };
    yield { type: 'approval_request', approval: turn, call: turn, reason: `Pay order ${order} back?` };
    return save(order);
  }
  yield { type: 'tool_use', call: turn, tool: 'find_order', input: { order } };
  const output = findOrder(order);
  yield { type: 'tool_result', call: turn, output };
  yield output;
}

export default defineAgent({
  open: (session) => (turn) => answer({ ...session, ...turn }),
  tools: { find_order: { idempotent: true } },
});
