import { AgentError, RefusalError } from '../protocol/index.ts';
import type { OpenBudget } from '../turns/index.ts';
import type { Spend } from './rates.ts';

/**
 * Makes the budgets of turns: each attempt of a turn takes from its owner's and its session's account, however it was started and on whichever
 * node. Where one is used up, a turn ends `failed` with the code `over_budget`, also in its middle.
 */
export function createBudgets(spend: Spend): OpenBudget {
  return (account) => {
    const take = async (of: Parameters<Spend>[0], points: number): Promise<void> => {
      try {
        await spend(of, account, points);
      } catch (error) {
        if (error instanceof RefusalError && error.code === 'too_many')
          throw new AgentError('over_budget', 'The budget for now is used up.', { cause: error });
        throw error;
      }
    };
    let startedAt: number | undefined;
    return {
      async start() {
        await take('turns', 1);
        // What earlier turns have overdrawn is looked at before anything is begun.
        await take('output_tokens', 0);
        await take('seconds', 0);
        startedAt = performance.now();
      },
      spend: (usage) => take('output_tokens', usage.output_tokens ?? 0),
      async end() {
        if (startedAt === undefined) return;
        const seconds = Math.ceil((performance.now() - startedAt) / 1000);
        // Spent is spent: the next turn finds what is over.
        await spend('seconds', account, seconds).catch(() => {});
      },
    };
  };
}
