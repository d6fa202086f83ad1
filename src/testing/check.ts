import { checkAgreement } from './check-agreement.ts';
import { checkArrival } from './check-arrival.ts';
import { checkContent } from './check-content.ts';
import { checkKeys } from './check-keys.ts';
import { checkOrder } from './check-order.ts';
import { checkTurns } from './check-turns.ts';
import type { History } from './history.ts';
import { createLedger } from './ledger.ts';
import { toSpans } from './spans.ts';
import type { Violation } from './violation.ts';

/**
 * Checks whether a history keeps R1 to R9 (see `Rule`). Pure. One fault breaks one rule: an entry that is not
 * in the log breaks R4 and not the order, and a missing tail breaks R5 and is not a gap.
 */
export function check(history: History): readonly Violation[] {
  const ledger = createLedger(history);
  const readers = history.readers.map((reader) => toSpans(reader, ledger));
  return [
    ...readers.flatMap((spans) => spans.flatMap(checkOrder)),
    ...readers.flatMap((spans) => checkContent(spans, ledger)),
    ...checkArrival(history, readers, ledger),
    ...checkAgreement(readers),
    ...checkKeys(history),
    ...history.logs.flatMap(checkTurns),
  ];
}
