import type { AnswerIntent, Exchange } from '../../dialects/index.ts';
import { RefusalError } from '../../protocol/index.ts';
import type { DialectContext } from './dialect-context.ts';
import { findExchange } from './find-exchange.ts';
import type { FoundThread } from './find-thread.ts';

/** A decision, and the approval that it is for. */
export interface NamedDecision {
  readonly approval: string;
  readonly decision: unknown;
}

/**
 * Returns the decisions with their approvals. Throws `not_found` if the exchange that they answer is not
 * there, and `too_late` if it did not ask for them.
 */
export async function nameDecisions(
  { transcripts }: Pick<DialectContext, 'transcripts'>,
  found: FoundThread,
  { decisions, of }: Pick<AnswerIntent, 'decisions' | 'of'>,
): Promise<readonly NamedDecision[]> {
  const exchange = of && (await findExchange(transcripts, found.session, of));
  if (of !== undefined && exchange === undefined) throw new RefusalError('not_found');
  const asked = exchange && (await findAsked(transcripts, found, exchange));
  return decisions.flatMap(({ approval, decision }) => {
    if (asked === undefined) return approval === undefined ? [] : { approval, decision };
    const names =
      approval === undefined ? asked.unnamed(decision) : asked.all.filter((name) => name === approval);
    if (names.length === 0) throw new RefusalError('too_late', 'Nothing here waits for this answer.');
    return names.map((name) => ({ approval: name, decision }));
  });
}

/** The approvals that an exchange asked for. */
interface AskedApprovals {
  readonly all: readonly string[];
  /** Returns those that a decision without a name is for. */
  unnamed(decision: unknown): readonly string[];
}

async function findAsked(
  transcripts: DialectContext['transcripts'],
  { session, head }: FoundThread,
  { message }: Exchange,
): Promise<AskedApprovals> {
  const { state } = (await transcripts.read(session)) ?? {};
  const turns = (state?.messages ?? []).flatMap((each) => {
    if (each.role !== 'agent' || each.message !== message) return [];
    const approvals = each.parts.flatMap((part) => (part.type === 'approval' ? [part] : []));
    return approvals.length === 0 ? [] : [approvals];
  });
  const open = head?.waiting?.message === message ? head.waiting.approvals : undefined;
  return {
    all: turns.flat().map(({ approval }) => approval),
    unnamed(decision) {
      if (open !== undefined) return open.flatMap(({ approval, answered }) => (answered ? [] : approval));
      // A repeated answer finds nothing open, and is for those that it answered. Others may have got their
      // own.
      const last = turns.at(-1) ?? [];
      const same = last.filter((part) => JSON.stringify(part.decision) === JSON.stringify(decision));
      return (same.length === 0 ? last : same).map(({ approval }) => approval);
    },
  };
}
