import type { Usage } from '../protocol/index.ts';

/** What one attempt of a turn takes from the accounts it goes to. */
export interface TurnBudget {
  /** Takes the turn itself, before its agent is opened. Throws an AgentError where a budget is used up. */
  start(): Promise<void>;
  /** Takes what the agent tells of. Throws an AgentError where a budget is used up by it. */
  spend(usage: Usage): Promise<void>;
  /** The attempt is over. Never rejects. */
  end(): Promise<void>;
}

/** Opens the budget of an attempt of a turn. */
export type OpenBudget = (about: { readonly owner: string; readonly session: string }) => TurnBudget;
