/**
 * The rules of a stream. They hold for any faults of the network and of processes:
 * - R1: ids increase.
 * - R2: nothing is missing, unless a `resync` named the gap.
 * - R3: nothing comes twice.
 * - R4: nothing comes that is not in the log, and nothing is altered.
 * - R5: after all work has ended, all acknowledged entries have reached every reader that stayed.
 * - R6: all readers agree.
 * - R7: one key has at most one turn.
 * - R8: each turn has one `message_end` and no events after it, and all that it opened is closed.
 * - R9: nothing comes from another principal.
 */
export type Rule = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'R9';

/** One broken rule, and where it was broken. */
export interface Violation {
  readonly rule: Rule;
  /** The violation, in one sentence. */
  readonly message: string;
  readonly session: string;
  readonly reader?: string;
  readonly connection?: string;
  /** The ids of the entries concerned, at most ten. */
  readonly ids: readonly string[];
}

const maxIds = 10;

/** Creates a violation. Keeps at most ten ids. */
export function violate(
  rule: Rule,
  message: string,
  where: Omit<Violation, 'rule' | 'message' | 'ids'>,
  ids: readonly string[] = [],
): Violation {
  const { session, reader, connection } = where;
  return {
    rule,
    message,
    session,
    ...(reader !== undefined && { reader }),
    ...(connection !== undefined && { connection }),
    ids: ids.slice(0, maxIds),
  };
}
