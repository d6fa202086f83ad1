/**
 * The facts of the guide's tools for Heddle. No tool changes anything, so each may be called again after a
 * crash.
 */
export const toolFacts = {
  calculator: { idempotent: true },
  current_time: { idempotent: true },
  search_docs: { idempotent: true },
} as const;
