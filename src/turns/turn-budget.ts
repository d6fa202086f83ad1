import type { Usage } from '../protocol/index.ts';

/** The budget that one attempt of a turn is charged to. */
export interface TurnBudget {
  /** Charges the turn itself, before its agent is opened. Throws an AgentError if a budget is used up. */
  start(): Promise<void>;
  /** Charges the usage that the agent reports. Throws an AgentError if this uses up a budget. */
  spend(usage: Usage): Promise<void>;
  /** Ends the attempt. It never rejects. */
  end(): Promise<void>;
}

/** Opens the budget for one attempt of a turn. */
export type OpenBudget = (about: { readonly owner: string; readonly session: string }) => TurnBudget;
