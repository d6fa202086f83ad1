import { createContext } from 'react';

/** What can be answered in the conversation that is shown, and how. */
export interface Approvals {
  /** The approvals that are open, by name. */
  readonly open: ReadonlySet<string>;
  /** Answers one; rejects where that came too late, or did not arrive. */
  readonly answer: (approval: string, approved: boolean) => Promise<void>;
}

/** Of all parts only approvals need it: it does not pass through the others. */
export const ApprovalsContext = createContext<Approvals>({
  open: new Set(),
  answer: () => Promise.reject(new Error('No conversation is shown.')),
});
