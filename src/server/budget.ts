import { AgentError, RefusalError } from '../protocol/index.ts';
import type { OpenBudget } from '../turns/index.ts';
import type { Spend } from './rates.ts';

/**
 * Creates the budgets of turns. Each attempt of a turn spends from the accounts of its owner and its session,
 * however the turn started and on whichever node. When an account is used up, the turn ends `failed` with the
 * code `over_budget`, even in its middle.
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
        // A turn does not start if earlier turns have overdrawn these accounts.
        await take('output_tokens', 0);
        await take('seconds', 0);
        startedAt = performance.now();
      },
      spend: (usage) => take('output_tokens', usage.output_tokens ?? 0),
      async end() {
        if (startedAt === undefined) return;
        const seconds = Math.ceil((performance.now() - startedAt) / 1000);
        // The seconds are already spent, so a refusal is ignored here. The next turn meets it when it starts.
        await spend('seconds', account, seconds).catch(() => {});
      },
    };
  };
}
