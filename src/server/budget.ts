import { AgentError, RefusalError } from '../protocol/index.ts';
import type { Agent, AgentEvent, Turn } from '../protocol/index.ts';
import type { Account, Spend } from './rates.ts';

/**
 * The agent, on a budget: each attempt of a turn takes from its owner's and its session's, however it was started and on whichever node. Where one is used up, a turn
 * ends `failed` with the code `over_budget`, also in its midst.
 */
export function onBudget(agent: Agent, spend: Spend): Agent {
  return {
    ...agent,
    open: (session) => {
      const answer = agent.open(session);
      const account = { owner: session.owner, session: session.session };
      return (turn) => count(answer, turn, account, spend);
    },
  };
}

async function* count(
  answer: (turn: Turn) => AsyncIterable<AgentEvent>,
  turn: Turn,
  account: Account,
  spend: Spend,
): AsyncIterable<AgentEvent> {
  await take(spend, 'turns', account, 1);
  // What earlier turns have overdrawn is looked at before anything is begun.
  await take(spend, 'output_tokens', account, 0);
  await take(spend, 'seconds', account, 0);
  const start = performance.now();
  try {
    for await (const event of answer(turn)) {
      yield event;
      if (typeof event === 'string' || event.type !== 'usage') continue;
      await take(spend, 'output_tokens', account, event.usage.output_tokens ?? 0);
    }
  } finally {
    const seconds = Math.ceil((performance.now() - start) / 1000);
    // Spent is spent: what is over is for the next turn to find.
    await spend('seconds', account, seconds).catch(() => {});
  }
}

async function take(spend: Spend, ...[of, account, points]: Required<Parameters<Spend>>): Promise<void> {
  try {
    await spend(of, account, points);
  } catch (error) {
    if (error instanceof RefusalError && error.code === 'too_many')
      throw new AgentError('over_budget', 'The budget for now is used up.', { cause: error });
    throw error;
  }
}
