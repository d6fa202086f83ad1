import { createContext } from 'react';

/** The open approvals of the shown conversation, and the function that answers one. */
export interface Approvals {
  /** The ids of the open approvals. */
  readonly open: ReadonlySet<string>;
  /** Answers one. Rejects when the answer came too late or did not arrive. */
  readonly answer: (approval: string, approved: boolean) => Promise<void>;
}

/** A context, because only approvals need it and other parts need not pass it on. */
export const ApprovalsContext = createContext<Approvals>({
  open: new Set(),
  answer: () => Promise.reject(new Error('No conversation is shown.')),
});
