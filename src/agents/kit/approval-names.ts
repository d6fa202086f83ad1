import { mint } from '../../protocol/internal.ts';
import type { ApprovalAnswer } from '../../protocol/index.ts';

/** A name of Heddle and a name of the vendor for one thing. A snapshot keeps such pairs. */
export type NamePair = readonly [string, string];

/**
 * Mints the name of an approval. The vendor's own name may come again in a later turn, and a late answer would
 * then reach the wrong call. So the adapter saves pairs of this name and the vendor's.
 */
export function mintApproval(): string {
  return `a_${mint(16)}`;
}

/** An answer, with the vendor's name of the approval. */
export interface VendorAnswer {
  readonly vendorId: string;
  readonly answer: ApprovalAnswer;
}

/** Returns the answers in the order of the saved pairs. Approvals without an answer are left out. */
export function toVendorAnswers(
  pairs: readonly NamePair[],
  answers: readonly ApprovalAnswer[],
): readonly VendorAnswer[] {
  return pairs.flatMap(([approval, vendorId]) => {
    const answer = answers.find((each) => each.approval === approval);
    return answer ? [{ vendorId, answer }] : [];
  });
}

/** Whether a value of a snapshot is a list of pairs. */
export function isNamePairs(value: unknown): value is readonly NamePair[] {
  return (
    Array.isArray(value) &&
    value.every(
      (pair: unknown) =>
        Array.isArray(pair) && pair.length === 2 && pair.every((name) => typeof name === 'string'),
    )
  );
}
