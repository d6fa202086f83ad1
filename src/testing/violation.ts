/**
 * What a stream must keep, whatever the network and the processes do:
 * R1 ids increase · R2 nothing is missing, unless a `resync` named the gap · R3 nothing comes twice · R4 nothing that is not in the log, and
 * nothing altered · R5 once quiet, all that was acknowledged has reached every reader that stayed · R6 all readers agree · R7 one key, at
 * most one turn · R8 one `message_end` a turn and nothing of the turn after it, everything opened is closed · R9 nothing of another principal.
 */
export type Rule = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'R9';

/** One broken promise, and where. */
export interface Violation {
  readonly rule: Rule;
  /** What happened, as a sentence. */
  readonly message: string;
  readonly session: string;
  readonly reader?: string;
  readonly connection?: string;
  /** The ids of the entries concerned; at most ten of them. */
  readonly ids: readonly string[];
}

const maxIds = 10;

/** Makes a violation; long lists of ids are cut. */
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
