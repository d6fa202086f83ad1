import { fieldsOf, textOf } from './fields.ts';

/** Whether the decision about an approval is a yes: `true`, or an object with `approved: true`. */
export function isApproved(decision: unknown): boolean {
  return decision === true || fieldsOf(decision)['approved'] === true;
}

/** Returns the reason that a decision gives: the decision if it is a text, or its `reason`; undefined if there is none. */
export function reasonOf(decision: unknown): string | undefined {
  const reason = textOf(decision) || textOf(fieldsOf(decision)['reason']);
  return reason === '' ? undefined : reason;
}
